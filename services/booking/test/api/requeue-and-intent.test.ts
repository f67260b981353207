import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { paymentIntentSchema } from "@jatra/contracts/http/booking.ts";
import { startBookingWorld, type BookingWorld } from "../world/booking-world.ts";
import { SEAT_PRICE } from "../world/fake-neighbours.ts";

describe("requeue and payment intent", () => {
  let world: BookingWorld;
  before(async () => {
    world = await startBookingWorld();
  });
  after(() => world.close());

  const requeue = (bookingId: string, role: "admin" | "staff" | "customer", userId = "boss") =>
    world.request("POST", `/api/bookings/${bookingId}/requeue`, { identity: { userId, role } });

  it("publishes the payment of a live booking once more, for admins only", async () => {
    const { bookingId, userId } = await world.booked();
    assert.equal((await requeue(bookingId, "customer", userId)).status, 403);
    assert.equal((await requeue(bookingId, "staff")).status, 403);
    const answer = await requeue(bookingId, "admin");
    assert.deepEqual(
      [answer.status, answer.body],
      [202, { bookingId, status: "PAYMENT_PENDING", requeued: true }],
    );
    const [first, again, ...more] = await world.outbox(bookingId);
    assert.deepEqual([again, more], [first, []]);
  });

  it("changes nothing where the payment has ended", async () => {
    const { bookingId } = await world.booked();
    await world.end(bookingId, "captured");
    const before = await world.outbox(bookingId);
    const answer = await requeue(bookingId, "admin");
    assert.deepEqual(
      [answer.status, answer.body],
      [202, { bookingId, status: "CONFIRMED", requeued: false }],
    );
    assert.deepEqual(await world.outbox(bookingId), before);
    assert.equal((await requeue(randomUUID(), "admin")).status, 404);
  });

  it("tells payment-service what is to be paid, and whether it still may be", async () => {
    const { bookingId, paymentId, userId } = await world.booked();
    const path = `/internal/bookings/${bookingId}/payment-intent`;
    const intent = paymentIntentSchema.parse((await world.internal("GET", path)).body);
    assert.deepEqual(intent, {
      paymentId,
      bookingId,
      userId,
      amount: SEAT_PRICE,
      currency: "BDT",
      paymentMethod: "bkash",
      paymentDetails: {},
      deadlineAt: intent.deadlineAt,
      open: true,
    });
    await world.end(bookingId, "failed");
    const ended = paymentIntentSchema.parse((await world.internal("GET", path)).body);
    assert.equal(ended.open, false);
    const unknown = await world.internal(
      "GET",
      `/internal/bookings/${randomUUID()}/payment-intent`,
    );
    assert.equal(unknown.status, 404);
  });

  it("keeps internal routes to bearers of the internal token", async () => {
    const { bookingId, lockId, userId } = await world.booked();
    for (const [method, path, body] of [
      ["GET", `/internal/bookings/${bookingId}/payment-intent`, undefined],
      ["POST", `/internal/bookings/${bookingId}/resolve`, { lockId }],
    ] as const) {
      const answer = await world.request(method, path, { identity: { userId }, body });
      assert.equal(answer.status, 401);
    }
  });
});
