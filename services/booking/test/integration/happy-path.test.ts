import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { eventually } from "@jatra/testing/eventually.ts";
import { SEAT_PRICE } from "../world/fake-neighbours.ts";
import { startRunningWorld, type RunningWorld } from "../world/running-world.ts";

describe("booking over RabbitMQ", () => {
  let world: RunningWorld;
  before(async () => {
    world = await startRunningWorld();
  });
  after(() => world.close());

  it("hands the payment over, confirms on its capture and notes the tickets", async () => {
    const booking = await world.booked();
    const { bookingId, paymentId, userId } = booking;
    const { deadlineAt } = (await world.statusIs(booking, "PAYMENT_PROCESSING")).payment;
    const handedOver = await eventually(() => world.neighbours.payments.get(paymentId));
    assert.deepEqual(handedOver.intent, {
      bookingId,
      userId,
      amount: SEAT_PRICE,
      currency: "BDT",
      paymentMethod: "bkash",
      paymentDetails: {},
      deadlineAt,
    });
    await world.tell("payment.exchange", world.paymentEvent("payment.captured", booking));
    await world.statusIs(booking, "CONFIRMED");
    const ticketIds = [randomUUID()];
    const issued = { type: "ticket.issued", bookingId, ticketIds };
    await world.tell("ticket.exchange", issued);
    const shown = await eventually(async () => {
      const now = await world.show(bookingId, userId);
      return now.ticketId === null ? undefined : now;
    });
    assert.deepEqual(shown.ticketIds, ticketIds);
    assert.deepEqual(shown.payment, { paymentId, status: "CAPTURED", attempts: 1, deadlineAt });
    assert.deepEqual(
      shown.history.map(({ status }) => status),
      ["PAYMENT_PENDING", "PAYMENT_PROCESSING", "CONFIRMED"],
    );
    const keys = (await world.outbox(bookingId)).map(({ routingKey }) => routingKey);
    assert.deepEqual(keys, ["payment.process", "booking.confirmed"]);
  });

  it("learns from the ends of payments when a look at the next is worth it", async () => {
    const seconds = () => world.pace.secondsUntilLook("bkash", 0);
    assert.equal(seconds(), 1);
    const slow = await Promise.all(Array.from({ length: 12 }, () => world.booked()));
    const ids = slow.map(({ bookingId }) => bookingId);
    const sql = "UPDATE bookings SET created_at = created_at - interval '4 s'";
    await world.pool.query(`${sql} WHERE booking_id = ANY($1)`, [ids]);
    for (const booking of slow) {
      await world.tell("payment.exchange", world.paymentEvent("payment.captured", booking));
    }
    await Promise.all(slow.map((booking) => world.statusIs(booking, "CONFIRMED")));
    assert.ok(seconds() >= 4, `${seconds()} s`);
  });

  it("gives a cancelled booking's money back through payment-service", async () => {
    const booking = await world.booked();
    const { bookingId, paymentId, userId } = booking;
    await world.statusIs(booking, "PAYMENT_PROCESSING");
    await world.tell("payment.exchange", world.paymentEvent("payment.captured", booking));
    await world.statusIs(booking, "CONFIRMED");
    await world.request("POST", `/api/bookings/${bookingId}/cancel`, {
      identity: { userId },
      headers: { "idempotency-key": "cancel" },
    });
    const { refund } = await world.statusIs(booking, "CANCELLED");
    const refundId = refund?.refundId ?? "none";
    const asked = await eventually(() => world.neighbours.refunds.get(refundId));
    assert.deepEqual(asked.body, { paymentId, bookingId, amount: SEAT_PRICE, currency: "BDT" });
    const refunded = world.paymentEvent("payment.refunded", booking, { refundId });
    await world.tell("payment.exchange", refunded);
    const shown = await world.statusIs(booking, "REFUNDED");
    assert.deepEqual([shown.refund?.status, shown.payment.status], ["DONE", "REFUNDED"]);
    const events = (await world.outbox(bookingId)).map(({ routingKey }) => routingKey);
    assert.deepEqual(events, [
      "payment.process",
      "booking.confirmed",
      "booking.cancelled",
      "booking.refunded",
    ]);
  });
});
