import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { connectRabbit, type RabbitConnection } from "@jatra/common/messaging/connection.ts";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import type { BookingEvent } from "@jatra/contracts/messages/booking-event.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { createTestVhost } from "@jatra/testing/test-vhost.ts";
import { bookingEvents } from "../../src/consumers/booking-events.ts";
import { hold, markersOf, pay } from "../fixtures/requests.ts";
import { createSeatPlatform, type SeatPlatform } from "../fixtures/seat-platform.ts";

const eventOf = (
  type: BookingEvent["type"],
  of: { readonly lockId: string; readonly bookingId: string; readonly bookingVersion: number },
): BookingEvent => ({
  type,
  ...of,
  userId: "anwar",
  email: "anwar@example.com",
  journeyId: "test-journey",
  train: { number: "701", name: "Subarna Express" },
  from: { code: "DHK", name: "Dhaka", at: "2026-12-01T06:00:00Z" },
  to: { code: "CTG", name: "Chattogram", at: "2026-12-01T11:00:00Z" },
  passengers: [],
  amount: 100_000,
  currency: "BDT",
  refundedAmount: 0,
  at: "2026-11-22T12:00:00Z",
});

describe("booking events", () => {
  let platform: SeatPlatform;
  let vhost: Awaited<ReturnType<typeof createTestVhost>>;
  let rabbit: RabbitConnection;
  before(async () => {
    platform = await createSeatPlatform();
    vhost = await createTestVhost();
    const metrics = createMetrics("test");
    rabbit = connectRabbit({ url: vhost.url, logger: silentLogger, metrics });
    rabbit.consume(bookingEvents(platform));
    await eventually(() => rabbit.isReady());
  });
  after(async () => {
    await rabbit.close();
    await vhost.drop();
    await platform.close();
  });
  beforeEach(async () => {
    await platform.pool.query("TRUNCATE locks, claims");
    await platform.redis.flushdb();
  });

  const publish = async (event: BookingEvent): Promise<void> =>
    rabbit.publish({
      exchange: "booking.exchange",
      routingKey: event.type,
      messageId: randomUUID(),
      type: event.type,
      requestId: "test",
      content: event,
    });
  const paid = async (seatId: string) => {
    const { lockId } = await hold(platform, [seatId], { userId: "anwar" });
    const bookingId = randomUUID();
    await pay(platform, lockId, { bookingId, userId: "anwar" });
    return { lockId, bookingId };
  };
  const stateOf = async (lockId: string): Promise<string | undefined> =>
    (await platform.locks.find(lockId))?.status;
  const becomes = async (lockId: string, state: string) =>
    eventually(async () => (await stateOf(lockId)) === state);
  /** One queue, one consumer: when this one has ended, those before it have been looked at too. */
  const drained = async (): Promise<void> => {
    const last = await paid("seat-20");
    await publish(eventOf("booking.confirmed", { ...last, bookingVersion: 3 }));
    await becomes(last.lockId, "SOLD");
  };

  it("sell the seats, and free them again on a refund", async () => {
    const booking = await paid("seat-1");
    await publish(eventOf("booking.confirmed", { ...booking, bookingVersion: 3 }));
    await becomes(booking.lockId, "SOLD");
    assert.equal(await platform.redis.pttl("seat:{test-journey}:seat-1:0"), -1);
    const answer = await platform.app.request("GET", "/api/seats/availability/test-journey");
    assert.match(answer.bytes.toString(), /"seat-1","status":"SOLD"/);
    await publish(eventOf("booking.refunded", { ...booking, bookingVersion: 5 }));
    await becomes(booking.lockId, "RELEASED");
    await eventually(async () => Object.keys(await markersOf(platform)).length === 0);
  });

  for (const type of ["booking.payment_failed", "booking.cancelled"] as const) {
    it(`free the seats on ${type}`, async () => {
      const booking = await paid("seat-1");
      await publish(eventOf(type, { ...booking, bookingVersion: 3 }));
      await becomes(booking.lockId, "RELEASED");
      await eventually(async () => Object.keys(await markersOf(platform)).length === 0);
      const next = await hold(platform, ["seat-1"], { userId: "selina" });
      await publish(eventOf(type, { ...booking, bookingVersion: 3 }));
      await drained();
      assert.equal(await stateOf(next.lockId), "HELD", "a repeat took a successor's seats");
    });
  }

  it("free the markers too when the first delivery died between the two stores", async () => {
    const booking = await paid("seat-1");
    // The first delivery's half: PostgreSQL has freed the seats, Redis hasn't heard of it. No marker ends by itself.
    assert.ok(await platform.sales.free({ ...booking, bookingVersion: 3 }));
    assert.equal(await platform.redis.pttl("seat:{test-journey}:seat-1:0"), -1);
    await publish(eventOf("booking.cancelled", { ...booking, bookingVersion: 3 }));
    await eventually(async () => Object.keys(await markersOf(platform)).length === 0);
  });

  it("never sell what was refunded before", async () => {
    const booking = await paid("seat-1");
    await publish(eventOf("booking.refunded", { ...booking, bookingVersion: 5 }));
    await becomes(booking.lockId, "RELEASED");
    await publish(eventOf("booking.confirmed", { ...booking, bookingVersion: 3 }));
    await drained();
    assert.equal(await stateOf(booking.lockId), "RELEASED");
  });

  it("raise the alarm when seats are sold to somebody who didn't hold them", async () => {
    const violations = async () => {
      const [gauge] = (await platform.metrics.registry.getMetricsAsJSON()).filter(
        ({ name }) => name === "jatra_invariant_violations",
      );
      return gauge?.values.filter(({ labels }) => labels["invariant"] === "I7");
    };
    const booking = await paid("seat-1");
    assert.deepEqual(await violations(), []);
    const foreign = { ...booking, bookingVersion: 3 };
    await publish({ ...eventOf("booking.confirmed", foreign), userId: "selina" });
    await becomes(booking.lockId, "SOLD");
    assert.equal((await violations())?.[0]?.value, 1);
  });

  it("of another booking change nothing", async () => {
    const booking = await paid("seat-1");
    const foreign = { lockId: booking.lockId, bookingId: randomUUID(), bookingVersion: 9 };
    await publish(eventOf("booking.cancelled", foreign));
    await publish(eventOf("booking.confirmed", foreign));
    await drained();
    assert.equal(await stateOf(booking.lockId), "PAYING");
  });
});
