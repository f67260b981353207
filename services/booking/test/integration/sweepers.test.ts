import assert from "node:assert/strict";
import { sweepOverduePayments } from "../../src/domain/sweep-overdue-payments.ts";
import { sweepRefunds } from "../../src/domain/sweep-refunds.ts";
import { sweepStuckPayments } from "../../src/domain/sweep-stuck-payments.ts";
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
