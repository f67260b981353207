import {
  paymentProcessSchema,
  type PaymentProcess,
} from "@jatra/contracts/messages/payment-process.ts";
import {
  deadLetterExchange,
  paymentRetryQueues,
  type QueueName,
} from "@jatra/contracts/topology.ts";
import type { Logger } from "@jatra/common/logging/logger.ts";
import type {
  ConsumeOptions,
  IncomingMessage,
  RabbitConnection,
} from "@jatra/common/messaging/connection.ts";
import { InternalCallError } from "@jatra/common/http/internal-client.ts";
import type { Metrics } from "@jatra/common/metrics/metrics.ts";
import { bookingMetrics } from "../booking-metrics.ts";
import { deliverPayment, type DeliverPaymentDependencies } from "../domain/deliver-payment.ts";

type Dependencies = DeliverPaymentDependencies & {
  readonly rabbit: Pick<RabbitConnection, "publish">;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Tries after the first one (3). */
  readonly retriesMax: number;
};

const QUEUE: QueueName = "payment.processing.queue";
/** A delivery is one short call to payment-service, half of the client's 64 connections; bookings begin in batches. */
const PREFETCH = 64;

/**
 * The payment worker. A delivery that gets no answer waits in a delay queue and comes back, each time longer; after the last one the
 * message goes to the dead letters and the payment is closed. It never lets seats go: only the payment's own word does.
 */
export const processPayments = (dependencies: Dependencies): ConsumeOptions => ({
  queue: QUEUE,
  prefetch: PREFETCH,
  handle: async (message) => {
    const payment = paymentProcessSchema.parse(message.content);
    const { bookingId } = payment;
    const { requestId } = message;
    const fields = { bookingId, requestId, retryCount: payment.retryCount ?? 0 };
    const { logger } = dependencies;
    try {
      const delivery = await deliverPayment(bookingId, requestId, dependencies);
      bookingMetrics(dependencies.metrics).deliveries.inc({ outcome: delivery });
      // What goes the usual way has its line when the payment ends.
      if (delivery !== "delivered") logger.info({ ...fields, delivery }, "Payment not handed over");
    } catch (error) {
      if (!(error instanceof InternalCallError)) throw error;
      logger.warn({ ...fields, err: error }, "Payment not delivered");
      await passOn(message, payment, dependencies);
    }
  },
});

/** Confirmed by the broker before the original is acknowledged: a crash in between doubles the message, never loses it. */
const passOn = async (
  message: IncomingMessage,
  payment: PaymentProcess,
  { rabbit, bookings, logger, metrics, retriesMax }: Dependencies,
): Promise<void> => {
  const retryCount = payment.retryCount ?? 0;
  const { id: messageId, type, requestId } = message;
  const { deliveries } = bookingMetrics(metrics);
  if (retryCount < retriesMax) {
    const content = { ...payment, retryCount: retryCount + 1 };
    const routingKey = delayQueueOf(retryCount);
    await rabbit.publish({ exchange: "", routingKey, messageId, type, requestId, content });
    deliveries.inc({ outcome: "retried" });
    return;
  }
  await bookings.requestClose(payment.bookingId);
  await rabbit.publish({
    exchange: deadLetterExchange,
    routingKey: QUEUE,
    messageId,
    type,
    requestId,
    content: payment,
  });
  deliveries.inc({ outcome: "given_up" });
  const { bookingId } = payment;
  logger.error({ bookingId, requestId, retryCount }, "Payment given up, closing it");
};

/** More retries than delay queues: the longest delay repeats. */
const delayQueueOf = (retryCount: number): string => {
  const queue = paymentRetryQueues[retryCount] ?? paymentRetryQueues[2];
  return queue.name;
};
