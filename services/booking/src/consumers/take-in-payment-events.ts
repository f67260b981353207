import { paymentEventSchema, type PaymentEvent } from "@jatra/contracts/messages/payment-event.ts";
import type { QueueName } from "@jatra/contracts/topology.ts";
import type { Logger } from "@jatra/common/logging/logger.ts";
import type { ConsumeOptions } from "@jatra/common/messaging/connection.ts";
import type { Metrics } from "@jatra/common/metrics/metrics.ts";
import { bookingMetrics } from "../booking-metrics.ts";
import { applyPaymentEnd, PaymentMismatchError } from "../domain/apply-payment-end.ts";
import { applyRefundEnd } from "../domain/apply-refund-end.ts";
import type { BookingRecord } from "../domain/booking-record.ts";
import { isLive } from "../domain/booking-states.ts";
import type { PaymentPace } from "../domain/payment-pace.ts";
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
  readonly pace: PaymentPace;
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
    const takenIn = takeIn(message.id, event, dependencies.transact);
    const { changed, found } = await takenIn.catch((error) => {
      // Someone else's payment is nobody's confirmation: it ends in the dead letters, where a person looks.
      if (error instanceof PaymentMismatchError) count("mismatched");
      throw error;
    });
    if (changed && found) noteEnd(dependencies.pace, found);
    count(changed ? "changed" : "repeated");
    dependencies.logger.info({ bookingId, type, reason, changed, requestId }, "Payment event");
  },
});

/** `found` is the booking as it was before. */
const takeIn = (
  messageId: string,
  event: PaymentEvent,
  transact: Transact,
): Promise<{ changed: boolean; found: BookingRecord | undefined }> =>
  transact(async (stores) => {
    // Sent together; a repeat has locked the booking for nothing.
    const [isNew, booking] = await Promise.all([
      stores.recordMessage(QUEUE, messageId),
      stores.bookings.findForUpdate(event.bookingId),
    ]);
    return { changed: isNew && (await apply(stores, booking, event)), found: booking };
  });

const noteEnd = (pace: PaymentPace, { status, paymentMethod, createdAt }: BookingRecord): void => {
  if (isLive(status)) pace.note(paymentMethod, Date.now() - createdAt.getTime());
};

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
