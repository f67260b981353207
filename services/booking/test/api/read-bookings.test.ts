import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { listBookings } from "@jatra/contracts/http/booking.ts";
import { startBookingWorld, type BookingWorld } from "../world/booking-world.ts";

const pageSchema = z.object({
  bookings: z.array(z.object({ bookingId: z.string() })),
  nextCursor: z.string().nullable(),
});

describe("GET /api/bookings", () => {
  let world: BookingWorld;
  before(async () => {
    world = await startBookingWorld();
  });
  after(() => world.close());

  it("shows a booking to its owner and to admins, and to nobody else", async () => {
    const { bookingId, userId } = await world.booked();
    const path = `/api/bookings/${bookingId}`;
    const statusFor = async (identity: Parameters<typeof world.request>[2]) =>
      (await world.request("GET", path, identity)).status;
    assert.deepEqual(
      await Promise.all([
        statusFor({ identity: { userId } }),
        statusFor({ identity: { userId: "boss", role: "admin" } }),
        statusFor({ identity: { userId: randomUUID() } }),
        statusFor({ identity: { userId: randomUUID(), role: "staff" } }),
        statusFor({}),
      ]),
      [200, 200, 404, 404, 401],
    );
  });

  it("answers alike for a foreign and an unknown booking", async () => {
    const { bookingId } = await world.booked();
    const identity = { userId: randomUUID() };
    const headers = { "x-request-id": "same" };
    const foreign = await world.request("GET", `/api/bookings/${bookingId}`, { identity, headers });
    const unknown = await world.request("GET", `/api/bookings/${randomUUID()}`, {
      identity,
      headers,
    });
    assert.deepEqual([foreign.status, foreign.body], [unknown.status, unknown.body]);
  });

  it("tells when to look again while the payment runs, by how long payments take, and no longer", async () => {
    for (let one = 0; one < 20; one++) world.pace.note("bkash", 5_000);
    const { bookingId, userId, lockId } = await world.booked();
    const looks = async () => {
      const path = `/api/bookings/${bookingId}`;
      const read = await world.request("GET", path, { identity: { userId } });
      const again = await world.book({ lockId }, { userId, key: randomUUID() });
      assert.deepEqual([read.status, again.status], [200, 202]);
      return [read.headers["retry-after"], again.headers["retry-after"]];
    };
    for (const seconds of await looks()) assert.ok(Number(seconds) >= 5, `${String(seconds)} s`);
    await world.end(bookingId, "captured");
    assert.deepEqual(await looks(), [undefined, undefined]);
  });

  it("shows no tombstone", async () => {
    const userId = randomUUID();
    const { bookingId } = await world.abandoned(userId);
    const answer = await world.request("GET", `/api/bookings/${bookingId}`, {
      identity: { userId: "boss", role: "admin" },
    });
    assert.equal(answer.status, 404);
  });

  it("lists the caller's own, the newest first, page by page", async () => {
    const userId = randomUUID();
    await world.booked();
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      const lockId = world.neighbours.holdSeats({ userId });
      const answer = await world.book({ lockId }, { userId });
      made.unshift(z.object({ bookingId: z.string() }).parse(answer.body).bookingId);
    }
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const query: string = cursor === "" ? "?limit=2" : `?limit=2&cursor=${cursor}`;
      const answer = await world.request("GET", `/api/bookings${query}`, { identity: { userId } });
      assert.ok(listBookings.responses[200]?.schema?.safeParse(answer.body).success);
      const page = pageSchema.parse(answer.body);
      assert.ok(page.bookings.length <= 2);
      seen.push(...page.bookings.map(({ bookingId }) => bookingId));
      cursor = page.nextCursor;
    }
    assert.deepEqual(seen, made);
  });

  it("refuses a cursor that it didn't make", async () => {
    const answer = await world.request("GET", "/api/bookings?cursor=nonsense", {
      identity: { userId: randomUUID() },
    });
    assert.equal(answer.status, 400);
  });
});
