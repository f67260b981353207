import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { BookingEvent } from "@jatra/contracts/messages/booking-event.ts";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import fc from "fast-check";
import { createSaleStore } from "../../src/data/sale-store.ts";
import { sampleEvent } from "../sample-events.ts";

describe("the sales of reporting", () => {
  let database: TestDatabase;
  before(async () => {
    database = await createTestDatabase({ folder: new URL("../../migrations", import.meta.url) });
  });
  after(() => database.drop());

  const recorded = async (events: readonly BookingEvent[]): Promise<unknown> => {
    const store = createSaleStore(database.pool);
    for (const event of events) await store.record(event);
    const { rows } = await database.pool.query(
      `SELECT booking_version, status, refunded_amount, decided_at, paid,
              (SELECT count(*) FROM sold_seats s WHERE s.booking_id = sales.booking_id) AS seats
       FROM sales WHERE booking_id = $1`,
      [events[0]?.bookingId],
    );
    return rows;
  };
  const lifeOf = (bookingId: string): BookingEvent[] => [
    sampleEvent("confirmed", { bookingId }),
    sampleEvent("cancelled", { bookingId, at: "2026-11-21T12:00:00.000Z" }),
    sampleEvent("refunded", {
      bookingId,
      at: "2026-11-21T12:01:00.000Z",
      refundedAmount: 112_500,
    }),
  ];

  it("are the same whatever the order and number of the events", async () => {
    const expected = [
      {
        booking_version: 5,
        status: "REFUNDED",
        refunded_amount: 112_500,
        decided_at: new Date("2026-11-20T12:00:00.000Z"),
        paid: true,
        seats: 2,
      },
    ];
    const orders = fc.shuffledSubarray([0, 1, 2, 0, 1, 2], { minLength: 6 });
    await fc.assert(
      fc.asyncProperty(orders, async (order) => {
        const life = lifeOf(randomUUID());
        const events = order.flatMap((index) => life[index] ?? []);
        assert.deepEqual(await recorded(events), expected);
      }),
      { numRuns: 30 },
    );
  });

  it("know a cancelled booking that was never paid from one that was", async () => {
    const paid = async (events: readonly BookingEvent[]): Promise<unknown> => {
      await recorded(events);
      const { rows } = await database.pool.query("SELECT paid FROM sales WHERE booking_id = $1", [
        events[0]?.bookingId,
      ]);
      return rows;
    };
    const bookingId = randomUUID();
    assert.deepEqual(await paid([sampleEvent("cancelled", { bookingId })]), [{ paid: false }]);
    assert.deepEqual(await paid([sampleEvent("confirmed", { bookingId })]), [{ paid: true }]);
  });
});
