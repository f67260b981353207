import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { countUnfinished } from "../../src/data/count-unfinished.ts";
import { sweepOverduePayments } from "../../src/domain/sweep-overdue-payments.ts";
import { sweepRefunds } from "../../src/domain/sweep-refunds.ts";
import { sweepStuckPayments } from "../../src/domain/sweep-stuck-payments.ts";
import { sweepUntoldEnds } from "../../src/domain/sweep-untold-ends.ts";
import { startBookingWorld, type BookingWorld } from "../world/booking-world.ts";
import { SEAT_PRICE } from "../world/fake-neighbours.ts";

describe("the sweepers", () => {
  let world: BookingWorld;
  beforeEach(async () => {
    world = await startBookingWorld();
  });
  afterEach(() => world.close());

  const statusOf = async ({ bookingId, userId }: { bookingId: string; userId: string }) =>
    (await world.show(bookingId, userId)).status;
  const passDeadline = (bookingId: string) =>
    world.pool.query(
      `UPDATE bookings SET sweep_after = now(), payment_deadline_at = now() - interval '1 second'
       WHERE booking_id = $1`,
      [bookingId],
    );
  const processing = async () => {
    const booking = await world.booked();
    const record = await world.bookings.find(booking.bookingId);
    assert.ok(record);
    await world.bookings.changeStatus(record, "PAYMENT_PROCESSING");
    return booking;
  };
  /** Seconds until a sweeper takes the booking up again, in tens, since some may have passed meanwhile; null for never. */
  const pauseOf = async (bookingId: string): Promise<number | null> => {
    const { rows } = await world.pool.query<{ seconds: number | null }>(
      `SELECT CASE WHEN isfinite(sweep_after)
         THEN round(extract(epoch FROM sweep_after - now()) / 10)::int * 10 END AS seconds
       FROM bookings WHERE booking_id = $1`,
      [bookingId],
    );
    return rows[0]?.seconds ?? null;
  };
  const refundsAreDue = () => world.pool.query("UPDATE refunds SET sweep_after = now()");

  it("leave alone what is young", async () => {
    await world.booked();
    assert.equal(await sweepOverduePayments(world), 0);
    assert.equal(await sweepStuckPayments(world), 0);
  });

  it("fail a booking past its deadline once payment-service has closed the payment", async () => {
    const booking = await world.booked();
    await passDeadline(booking.bookingId);
    assert.equal(await sweepOverduePayments(world), 1);
    assert.equal(await statusOf(booking), "PAYMENT_FAILED");
    const keys = (await world.outbox(booking.bookingId)).map(({ routingKey }) => routingKey);
    assert.deepEqual(keys, ["payment.process", "booking.payment_failed"]);
  });

  it("wait for payment-service's word: silence and «not known yet» end nothing", async () => {
    const booking = await processing();
    world.neighbours.payments.set(booking.paymentId, { state: "PENDING", puts: 1, closes: 0 });
    world.neighbours.failing.add("closePayment");
    await passDeadline(booking.bookingId);
    assert.equal(await sweepOverduePayments(world), 0);
    world.neighbours.failing.clear();
    await passDeadline(booking.bookingId);
    assert.equal(await sweepOverduePayments(world), 0);
    assert.equal(await statusOf(booking), "PAYMENT_PROCESSING");
    const payment = world.neighbours.payments.get(booking.paymentId);
    assert.equal(payment?.closes, 1);
    payment.state = "CAPTURED";
    await passDeadline(booking.bookingId);
    assert.equal(await sweepOverduePayments(world), 1);
    assert.equal(await statusOf(booking), "CONFIRMED");
  });

  it("close the payment of a booking that its owner cancelled, without waiting", async () => {
    const booking = await world.booked();
    await world.bookings.requestCancel(booking.bookingId);
    assert.equal(await sweepOverduePayments(world), 1);
    const shown = await world.show(booking.bookingId, booking.userId);
    assert.deepEqual([shown.status, shown.refund], ["CANCELLED", null]);
  });

  it("publish a payment again whose message was lost", async () => {
    const booking = await world.booked();
    await world.makeDue(booking.bookingId);
    assert.equal(await sweepStuckPayments(world), 1);
    const [first, again, ...more] = await world.outbox(booking.bookingId);
    assert.deepEqual([again, more], [first, []]);
    assert.equal(await sweepStuckPayments(world), 0);
  });

  it("ask after a payment whose event was lost", async () => {
    const booking = await processing();
    world.neighbours.payments.set(booking.paymentId, { state: "CAPTURED", puts: 1, closes: 0 });
    await world.makeDue(booking.bookingId);
    assert.equal(await sweepStuckPayments(world), 1);
    assert.equal(await statusOf(booking), "CONFIRMED");
  });

  it("hand over a payment that never reached payment-service", async () => {
    const booking = await processing();
    await world.makeDue(booking.bookingId);
    assert.equal(await sweepStuckPayments(world), 1);
    assert.equal(world.neighbours.payments.get(booking.paymentId)?.puts, 1);
    assert.equal(await statusOf(booking), "PAYMENT_PROCESSING");
  });

  it("drive a refund to its end even when no event ever comes", async () => {
    const booking = await world.booked();
    await world.end(booking.bookingId, "failed");
    await world.end(booking.bookingId, "captured");
    world.neighbours.failing.add("putRefund");
    assert.equal(await sweepRefunds(world), 0);
    world.neighbours.failing.clear();
    await refundsAreDue();
    assert.equal(await sweepRefunds(world), 1);
    const { refund } = await world.show(booking.bookingId, booking.userId);
    assert.deepEqual([refund?.status, refund?.amount], ["SENT", SEAT_PRICE]);
    const known = world.neighbours.refunds.get(refund?.refundId ?? "none");
    assert.ok(known);
    known.state = "DONE";
    await refundsAreDue();
    assert.equal(await sweepRefunds(world), 1);
    assert.equal(await statusOf(booking), "REFUNDED");
    await refundsAreDue();
    assert.equal(await sweepRefunds(world), 0);
  });

  it("tell of a confirmation again until its tickets are there", async () => {
    const booking = await world.booked();
    await world.end(booking.bookingId, "captured");
    assert.equal(await sweepUntoldEnds(world), 0);
    for (const seconds of [300, 3_000, 3_600, 3_600, 3_600]) {
      await world.makeDue(booking.bookingId);
      assert.equal(await sweepUntoldEnds(world), 1);
      assert.equal(await pauseOf(booking.bookingId), seconds);
    }
    const [, first, ...again] = await world.outbox(booking.bookingId);
    assert.deepEqual(again, Array(5).fill(first));
    await world.bookings.setTickets(booking.bookingId, [randomUUID()]);
    await world.makeDue(booking.bookingId);
    assert.equal(await sweepUntoldEnds(world), 0);
  });

  it("tell of seats that are free again three times more, as it was, and of nobody else's end", async () => {
    const booking = await world.booked();
    await world.end(booking.bookingId, "captured");
    await world.bookings.setTickets(booking.bookingId, [randomUUID()]);
    const identity = { userId: booking.userId };
    const headers = { "idempotency-key": randomUUID() };
    const path = `/api/bookings/${booking.bookingId}/cancel`;
    assert.equal((await world.request("POST", path, { identity, headers })).status, 202);
    const failed = await world.booked();
    await world.end(failed.bookingId, "failed");
    await world.makeDue(failed.bookingId);
    for (const seconds of [300, 3_000, null]) {
      await world.makeDue(booking.bookingId);
      assert.equal(await sweepUntoldEnds(world), 1);
      assert.equal(await pauseOf(booking.bookingId), seconds);
    }
    assert.equal(await sweepUntoldEnds(world), 0);
    const told = (await world.outbox(booking.bookingId)).slice(2);
    assert.equal(told.length, 4);
    assert.deepEqual(told, Array(4).fill(told[0]));
    assert.equal(told[0]?.routingKey, "booking.cancelled");
  });

  it("count confirmed bookings that stay without tickets", async () => {
    const booking = await world.booked();
    await world.end(booking.bookingId, "captured");
    for (const expected of [0, 0, 1]) {
      assert.equal((await countUnfinished(world.pool)).unticketed, expected);
      await world.makeDue(booking.bookingId);
      await sweepUntoldEnds(world);
    }
  });

  it("share the work: four at once end each booking once", async () => {
    const bookings = await Promise.all(Array.from({ length: 40 }, () => world.booked()));
    await Promise.all(bookings.map(({ bookingId }) => passDeadline(bookingId)));
    const ended = await Promise.all(Array.from({ length: 4 }, () => sweepOverduePayments(world)));
    assert.equal(
      ended.reduce((sum, count) => sum + count, 0),
      40,
    );
    for (const { paymentId } of bookings) {
      assert.equal(world.neighbours.payments.get(paymentId)?.closes, 1);
    }
  });
});
