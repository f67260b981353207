import { paymentEventSchema, type PaymentEvent } from "@jatra/contracts/messages/payment-event.ts";
import type { QueueName } from "@jatra/contracts/topology.ts";
import type { Logger } from "@jatra/common/logging/logger.ts";
import type { ConsumeOptions } from "@jatra/common/messaging/connection.ts";
import type { Metrics } from "@jatra/common/metrics/metrics.ts";
import { bookingMetrics } from "../booking-metrics.ts";
import { applyPaymentEnd, PaymentMismatchError } from "../domain/apply-payment-end.ts";
import { applyRefundEnd } from "../domain/apply-refund-end.ts";
import type { BookingRecord } from "../domain/booking-record.ts";
import type { Stores, Transact } from "../domain/stores.ts";

const QUEUE: QueueName = "booking.payment-events.queue";
/** Twice what a transaction takes: while one commits, the next fills. */
const PREFETCH = 128;

/**
 * Inbox row and effect in one transaction, which events that come at the same time share: repeats and any order are harmless, and two
 * events of one booking in one transaction end in an error, after which each has one of its own.
 */
export const takeInPaymentEvents = (dependencies: {
  readonly transact: Transact;
  readonly logger: Logger;
  readonly metrics: Metrics;
}): ConsumeOptions => ({
  queue: QUEUE,
  prefetch: PREFETCH,
  handle: async (message) => {
    const event = paymentEventSchema.parse(message.content);
    const { bookingId, type, reason } = event;
    const { requestId } = message;
    const count = (effect: string): void =>
      bookingMetrics(dependencies.metrics).paymentEvents.inc({ type, effect });
    const changed = await takeIn(message.id, event, dependencies.transact).catch((error) => {
      // Someone else's payment is nobody's confirmation: it ends in the dead letters, where a person looks.
      if (error instanceof PaymentMismatchError) count("mismatched");
      throw error;
    });
    count(changed ? "changed" : "repeated");
    dependencies.logger.info({ bookingId, type, reason, changed, requestId }, "Payment event");
  },
});

const takeIn = (messageId: string, event: PaymentEvent, transact: Transact): Promise<boolean> =>
  transact(async (stores) => {
    // Sent together; a repeat has locked the booking for nothing.
    const [isNew, booking] = await Promise.all([
      stores.recordMessage(QUEUE, messageId),
      stores.bookings.findForUpdate(event.bookingId),
    ]);
    return isNew ? apply(stores, booking, event) : false;
  });

const apply = (
  stores: Stores,
  booking: BookingRecord | undefined,
  event: PaymentEvent,
): Promise<boolean> => {
  const { bookingId, paymentId, amount, currency, attempts, reason } = event;
  const money = { amount, currency };
  if (event.type === "payment.captured" || event.type === "payment.failed") {
    const outcome = event.type === "payment.captured" ? "captured" : "failed";
    return applyPaymentEnd(stores, booking, {
      bookingId,
      paymentId,
      outcome,
      money,
      attempts,
      reason,
    });
  }
  const outcome = event.type === "payment.refunded" ? "DONE" : "FAILED";
  return applyRefundEnd(stores, booking, {
    refundId: refundIdIn(event),
    bookingId,
    outcome,
    money,
    reason,
  });
};

const refundIdIn = ({ refundId, type, bookingId }: PaymentEvent): string => {
  if (refundId === undefined) throw new Error(`${type} of ${bookingId} names no refund`);
  return refundId;
};
