import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { connectRabbit, type RabbitConnection } from "@jatra/common/messaging/connection.ts";
import { createLifecycle, type ManagedLifecycle } from "@jatra/common/service/serve.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { createTestVhost, type TestVhost } from "@jatra/testing/test-vhost.ts";
import { startBackground } from "../../src/background.ts";
import { startBookingWorld, type BookingWorld } from "../world/booking-world.ts";
import { SEAT_PRICE } from "../world/fake-neighbours.ts";

describe("booking over RabbitMQ", () => {
  let world: BookingWorld;
  let vhost: TestVhost;
  let rabbit: RabbitConnection;
  let lifecycle: ManagedLifecycle;
  before(async () => {
    [world, vhost] = await Promise.all([startBookingWorld(), createTestVhost()]);
    const { logger, metrics, pool, payments } = world;
    lifecycle = createLifecycle(logger);
    rabbit = connectRabbit({ url: vhost.url, logger, metrics });
    lifecycle.onStop("rabbitmq", rabbit.close);
    startBackground({
      pool,
      rabbit,
      payments,
      retriesMax: 3,
      idempotencyTtlSeconds: 86_400,
      logger,
      metrics,
      lifecycle,
    });
  });
  after(async () => {
    await lifecycle.stop();
    await Promise.all([world.close(), vhost.drop()]);
  });

  const tell = async (
    event: Record<string, unknown> & { type: string },
    exchange = "payment.exchange",
    messageId: string = randomUUID(),
  ): Promise<void> => {
    const { type } = event;
    const requestId = "test";
    // The exchanges are there, but the connection may still be coming up.
    await eventually(async () => {
      await rabbit.publish({
        exchange,
        routingKey: type,
        messageId,
        type,
        requestId,
        content: event,
      });
      return true;
    });
  };
  const statusIs = (bookingId: string, userId: string, status: string) =>
    eventually(async () => {
      const booking = await world.show(bookingId, userId);
      assert.equal(booking.status, status);
      return booking;
    });

  it("hands the payment over, confirms on its capture and notes the tickets", async () => {
    const { bookingId, paymentId, userId } = await world.booked();
    await statusIs(bookingId, userId, "PAYMENT_PROCESSING");
    const handedOver = await eventually(() => world.neighbours.payments.get(paymentId));
    const { deadlineAt } = (await world.show(bookingId, userId)).payment;
    assert.deepEqual(handedOver.intent, {
      bookingId,
      userId,
      amount: SEAT_PRICE,
      currency: "BDT",
      paymentMethod: "bkash",
      paymentDetails: {},
      deadlineAt,
    });
    await tell({
      type: "payment.captured",
      paymentId,
      bookingId,
      amount: SEAT_PRICE,
      currency: "BDT",
      attempts: 1,
      at: new Date().toISOString(),
    });
    await statusIs(bookingId, userId, "CONFIRMED");
    const ticketIds = [randomUUID()];
    await tell({ type: "ticket.issued", bookingId, ticketIds }, "ticket.exchange");
    const booking = await eventually(async () => {
      const shown = await world.show(bookingId, userId);
      return shown.ticketId === null ? undefined : shown;
    });
    assert.deepEqual(booking.ticketIds, ticketIds);
    assert.deepEqual(booking.payment, { paymentId, status: "CAPTURED", attempts: 1, deadlineAt });
    assert.deepEqual(
      booking.history.map(({ status }) => status),
      ["PAYMENT_PENDING", "PAYMENT_PROCESSING", "CONFIRMED"],
    );
    const keys = (await world.outbox(bookingId)).map(({ routingKey }) => routingKey);
    assert.deepEqual(keys, ["payment.process", "booking.confirmed"]);
  });
});
