import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { refundIdOf } from "../../src/domain/booking-ids.ts";
import { startBookingWorld, type BookingWorld } from "../world/booking-world.ts";
import { SEAT_PRICE } from "../world/fake-neighbours.ts";

const codeOf = (body: unknown): unknown =>
  typeof body === "object" && body !== null && "code" in body ? body.code : undefined;

describe("POST /api/bookings/:bookingId/cancel", () => {
  let world: BookingWorld;
  before(async () => {
    world = await startBookingWorld();
  });
  after(() => world.close());

  const cancel = (bookingId: string, userId: string, key: string = randomUUID()) =>
    world.request("POST", `/api/bookings/${bookingId}/cancel`, {
      identity: { userId },
      headers: { "idempotency-key": key },
    });
  const confirmed = async (departsInHours: number) => {
    const departsAt = new Date(Date.now() + departsInHours * 3_600_000).toISOString();
    world.neighbours.settings.departsAt = departsAt;
    const booking = await world.booked();
    world.neighbours.settings.departsAt = "2099-01-01T06:00:00.000Z";
    await world.end(booking.bookingId, "captured");
    return booking;
  };

  it("needs an Idempotency-Key", async () => {
    const { bookingId, userId } = await world.booked();
    const answer = await world.request("POST", `/api/bookings/${bookingId}/cancel`, {
      identity: { userId },
    });
    assert.deepEqual([answer.status, codeOf(answer.body)], [400, "idempotency_key_missing"]);
  });

  it("cancels a confirmed booking and gives back by the hours before departure", async () => {
    const { bookingId, userId, paymentId } = await confirmed(30);
    const refundId = refundIdOf(paymentId);
    const answer = await cancel(bookingId, userId);
    const refund = { refundId, status: "REQUESTED", amount: SEAT_PRICE * 0.75, currency: "BDT" };
    assert.deepEqual(
      [answer.status, answer.headers["location"], answer.body],
      [
        202,
        `/api/bookings/${bookingId}`,
        { bookingId, status: "CANCELLED", cancelRequested: false, refund },
      ],
    );
    const shown = await world.show(bookingId, userId);
    assert.deepEqual([shown.status, shown.refund], ["CANCELLED", refund]);
    const keys = (await world.outbox(bookingId)).map(({ routingKey }) => routingKey);
    assert.deepEqual(keys, ["payment.process", "booking.confirmed", "booking.cancelled"]);
  });

  it("gives nothing back in the last hours, also when the capture is told again", async () => {
    const { bookingId, userId } = await confirmed(5);
    const answer = await cancel(bookingId, userId);
    assert.deepEqual(answer.body, {
      bookingId,
      status: "CANCELLED",
      cancelRequested: false,
      refund: null,
    });
    assert.equal(await world.end(bookingId, "captured"), false);
    assert.equal((await world.show(bookingId, userId)).refund, null);
  });

  it("refuses once the train has left", async () => {
    const { bookingId, userId } = await confirmed(-1);
    const answer = await cancel(bookingId, userId);
    assert.deepEqual([answer.status, codeOf(answer.body)], [409, "booking_not_cancellable"]);
    assert.equal((await world.show(bookingId, userId)).status, "CONFIRMED");
  });

  it("keeps the wish while the payment runs, and gives all of a late capture back", async () => {
    const { bookingId, userId } = await world.booked();
    const answer = await cancel(bookingId, userId);
    assert.deepEqual(answer.body, {
      bookingId,
      status: "PAYMENT_PENDING",
      cancelRequested: true,
      refund: null,
    });
    await world.end(bookingId, "captured");
    const shown = await world.show(bookingId, userId);
    assert.deepEqual([shown.status, shown.refund?.amount], ["CANCELLED", SEAT_PRICE]);
    const keys = (await world.outbox(bookingId)).map(({ routingKey }) => routingKey);
    assert.deepEqual(keys, ["payment.process", "booking.cancelled"]);
  });

  it("replays the same answer, and refuses a second cancellation", async () => {
    const { bookingId, userId } = await confirmed(100);
    const key = randomUUID();
    const first = await cancel(bookingId, userId, key);
    const repeat = await cancel(bookingId, userId, key);
    assert.deepEqual([repeat.status, repeat.bytes], [202, first.bytes]);
    const second = await cancel(bookingId, userId);
    assert.deepEqual([second.status, codeOf(second.body)], [409, "booking_not_cancellable"]);
  });

  it("makes one refund of ten cancellations at once", async () => {
    const { bookingId, userId } = await confirmed(100);
    const answers = await Promise.all(Array.from({ length: 10 }, () => cancel(bookingId, userId)));
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
    assert.deepEqual(statuses, [202, ...Array.from({ length: 9 }, () => 409)]);
    const { rows } = await world.pool.query("SELECT 1 FROM refunds WHERE booking_id = $1", [
      bookingId,
    ]);
    assert.equal(rows.length, 1);
  });

  it("knows no booking of another user", async () => {
    const { bookingId, userId } = await confirmed(100);
    const answer = await cancel(bookingId, randomUUID());
    assert.deepEqual([answer.status, codeOf(answer.body)], [404, "not_found"]);
    assert.equal((await world.show(bookingId, userId)).status, "CONFIRMED");
  });

  it("refuses for a booking whose payment failed", async () => {
    const { bookingId, userId } = await world.booked();
    await world.end(bookingId, "failed");
    const answer = await cancel(bookingId, userId);
    assert.deepEqual([answer.status, codeOf(answer.body)], [409, "booking_not_cancellable"]);
  });
});
