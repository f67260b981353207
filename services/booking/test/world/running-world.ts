import { randomUUID } from "node:crypto";
import assert from "node:assert/strict";
import { connectRabbit } from "@jatra/common/messaging/connection.ts";
import { createLifecycle } from "@jatra/common/service/serve.ts";
import type { Booking } from "@jatra/contracts/http/booking.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { createTestVhost } from "@jatra/testing/test-vhost.ts";
import { z } from "zod";
import { startBackground } from "../../src/background.ts";
import { startBookingWorld } from "./booking-world.ts";
import { SEAT_PRICE } from "./fake-neighbours.ts";

const gottenSchema = z.array(z.object({ message_count: z.number() }));

/** The whole service, consumers, relay and sweepers included, over a broker of its own. */
export const startRunningWorld = async () => {
  const [world, vhost] = await Promise.all([startBookingWorld(), createTestVhost()]);
  const { logger, metrics, pool, redis, payments, pace } = world;
  const lifecycle = createLifecycle(logger);
  const rabbit = connectRabbit({ url: vhost.url, logger, metrics });
  lifecycle.onStop("rabbitmq", rabbit.close);
  const background = {
    pool,
    redis,
    rabbit,
    payments,
    pace,
    retriesMax: 3,
    idempotencyTtlSeconds: 86_400,
    logger,
    metrics,
    lifecycle,
  };
  Object.assign(world.current, startBackground(background));
  await eventually(() => rabbit.isReady());

  /** Publishes as another service would; the same `messageId` is the same message again. */
  const tell = (
    exchange: string,
    content: { readonly type: string },
    messageId: string = randomUUID(),
  ): Promise<void> =>
    rabbit.publish({
      exchange,
      routingKey: content.type,
      messageId,
      type: content.type,
      requestId: "test",
      content,
    });
  const paymentEvent = (
    type: "payment.captured" | "payment.failed" | "payment.refunded" | "payment.refund_failed",
    { bookingId, paymentId }: { bookingId: string; paymentId: string },
    part: Record<string, unknown> = {},
  ) => ({
    type,
    paymentId,
    bookingId,
    amount: SEAT_PRICE,
    currency: "BDT",
    attempts: 1,
    at: new Date().toISOString(),
    ...part,
  });
  const statusIs = (
    { bookingId, userId }: { bookingId: string; userId: string },
    status: string,
  ): Promise<Booking> =>
    eventually(async () => {
      const booking = await world.show(bookingId, userId);
      assert.equal(booking.status, status);
      return booking;
    });
  /** Messages ready in a queue: taken one and put back, since the broker's statistics lag by seconds. */
  const depth = async (queue: string): Promise<number> => {
    const path = `/queues/{vhost}/${queue}/get`;
    const body = { count: 1, ackmode: "ack_requeue_true", encoding: "auto" };
    const [first] = gottenSchema.parse(await vhost.manage("POST", path, body));
    return first ? first.message_count + 1 : 0;
  };
  return {
    ...world,
    rabbit,
    depth,
    vhost,
    tell,
    paymentEvent,
    statusIs,
    close: async () => {
      await lifecycle.stop();
      await Promise.all([world.close(), vhost.drop()]);
    },
  };
};
export type RunningWorld = Awaited<ReturnType<typeof startRunningWorld>>;
