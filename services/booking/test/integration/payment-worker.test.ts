import assert from "node:assert/strict";
import type { OutgoingMessage } from "@jatra/common/messaging/connection.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { processPayments } from "../../src/consumers/process-payments.ts";
import { paymentMessageOf } from "../../src/domain/payment-message.ts";
import { startBookingWorld, type BookingWorld } from "../world/booking-world.ts";
import { startRunningWorld } from "../world/running-world.ts";

describe("the payment worker", () => {
  let world: BookingWorld;
  const published: OutgoingMessage[] = [];
  before(async () => {
    world = await startBookingWorld();
  });
  after(() => world.close());
  beforeEach(() => {
    published.length = 0;
    world.neighbours.failing.clear();
  });

  /** A delivery of each booking's message, all at once; what they publish is caught. */
  const deliverAll = async (bookingIds: readonly string[], retryCount?: number): Promise<void> => {
    const { bookings, payments, transact, logger, metrics } = world;
    const rabbit = { publish: async (message: OutgoingMessage) => void published.push(message) };
    const worker = processPayments({
      bookings,
      payments,
      transact,
      rabbit,
      logger,
      metrics,
      retriesMax: 3,
    });
    const messages = await Promise.all(
      bookingIds.map(async (bookingId) => {
        const booking = await bookings.find(bookingId);
        assert.ok(booking);
        return paymentMessageOf(booking);
      }),
    );
    await Promise.all(
      messages.map((message) =>
        worker.handle({
          id: "message-1",
          type: "payment.process",
          requestId: "request-1",
          redelivered: false,
          content: retryCount === undefined ? message : { ...message, retryCount },
        }),
      ),
    );
  };
  const deliver = (bookingId: string, retryCount?: number): Promise<void> =>
    deliverAll([bookingId], retryCount);
  const statusOf = async ({ bookingId, userId }: { bookingId: string; userId: string }) =>
    (await world.show(bookingId, userId)).status;

  it("sends a delivery without answer into delay queues that grow, then to the dead letters", async () => {
    const booking = await world.booked();
    world.neighbours.failing.add("putPayment");
    for (const retryCount of [undefined, 1, 2, 3]) await deliver(booking.bookingId, retryCount);
    const passedOn = published.map(({ exchange, routingKey, messageId, content }) => ({
      exchange,
      routingKey,
      messageId,
      retryCount: (content as { retryCount?: number }).retryCount,
    }));
    const messageId = "message-1";
    assert.deepEqual(passedOn, [
      { exchange: "", routingKey: "payment.retry-5s.queue", messageId, retryCount: 1 },
      { exchange: "", routingKey: "payment.retry-15s.queue", messageId, retryCount: 2 },
      { exchange: "", routingKey: "payment.retry-45s.queue", messageId, retryCount: 3 },
      {
        exchange: "dead-letter.exchange",
        routingKey: "payment.processing.queue",
        messageId,
        retryCount: 3,
      },
    ]);
    // The seats stay: nothing but the payment's own word ends the booking.
    assert.equal(await statusOf(booking), "PAYMENT_PROCESSING");
    const due = await world.sweeps.takeOverdue(10);
    assert.ok(due.some(({ bookingId }) => bookingId === booking.bookingId));
  });

  it("delivers the booking's own figures, whatever the message says, and under one payment", async () => {
    const booking = await world.booked();
    await deliver(booking.bookingId);
    await deliver(booking.bookingId);
    const payment = world.neighbours.payments.get(booking.paymentId);
    assert.equal(payment?.puts, 2);
    assert.equal(await statusOf(booking), "PAYMENT_PROCESSING");
  });

  it("hands over what begins together by one call, each with its own word", async () => {
    const bookings = [await world.booked(), await world.booked(), await world.booked()];
    const [closed] = bookings;
    assert.ok(closed);
    await world.payments.close(closed.paymentId, "request-1");
    const before = world.neighbours.calls.putPayments;
    await deliverAll(bookings.map(({ bookingId }) => bookingId));
    assert.equal(world.neighbours.calls.putPayments - before, 1);
    assert.deepEqual(await Promise.all(bookings.map(statusOf)), [
      "PAYMENT_FAILED",
      "PAYMENT_PROCESSING",
      "PAYMENT_PROCESSING",
    ]);
  });

  it("sends each on its way again when a call for several gets no answer", async () => {
    const bookings = [await world.booked(), await world.booked()];
    world.neighbours.failing.add("putPayments");
    await deliverAll(bookings.map(({ bookingId }) => bookingId));
    const retried = published.map(({ content }) => (content as { bookingId: string }).bookingId);
    assert.deepEqual(new Set(retried), new Set(bookings.map(({ bookingId }) => bookingId)));
  });

  it("hands nothing over once the booking has ended or its owner wants it cancelled", async () => {
    const ended = await world.booked();
    await world.end(ended.bookingId, "failed");
    await deliver(ended.bookingId);
    const cancelled = await world.booked();
    await world.bookings.requestCancel(cancelled.bookingId);
    await deliver(cancelled.bookingId);
    assert.equal(world.neighbours.payments.get(ended.paymentId), undefined);
    assert.equal(world.neighbours.payments.get(cancelled.paymentId), undefined);
  });

  it("takes in the word of a payment that was closed before it came", async () => {
    const booking = await world.booked();
    await world.payments.close(booking.paymentId, "request-1");
    await deliver(booking.bookingId);
    assert.equal(await statusOf(booking), "PAYMENT_FAILED");
  });

  it("comes back by itself from a real delay queue", async () => {
    const running = await startRunningWorld();
    try {
      running.neighbours.failing.add("putPayment");
      const booking = await running.booked();
      await eventually(async () => (await running.depth("payment.retry-5s.queue")) === 1);
      running.neighbours.failing.clear();
      await eventually(() => running.neighbours.payments.get(booking.paymentId)?.puts === 1);
    } finally {
      await running.close();
    }
  });
});
