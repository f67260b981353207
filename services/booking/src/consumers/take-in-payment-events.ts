import { paymentEventSchema, type PaymentEvent } from "@jatra/contracts/messages/payment-event.ts";
import type { QueueName } from "@jatra/contracts/topology.ts";
import type { Logger } from "@jatra/common/logging/logger.ts";
import type { ConsumeOptions } from "@jatra/common/messaging/connection.ts";
import { applyPaymentEnd } from "../domain/apply-payment-end.ts";
import { applyRefundEnd } from "../domain/apply-refund-end.ts";
import type { Stores, Transact } from "../domain/stores.ts";

const QUEUE: QueueName = "booking.payment-events.queue";
/** Each holds a connection of the pool for some ms. */
const PREFETCH = 8;

/** Inbox row and effect in one transaction: repeats and any order are harmless. */
export const takeInPaymentEvents = (dependencies: {
  readonly transact: Transact;
  readonly logger: Logger;
  /** Brings the refund sweeper at once. */
  readonly onRefund: () => void;
}): ConsumeOptions => ({
  queue: QUEUE,
  prefetch: PREFETCH,
  handle: async (message) => {
    const event = paymentEventSchema.parse(message.content);
    const changed = await dependencies.transact(async (stores) => {
      const isNew = await stores.recordMessage(QUEUE, message.id);
      return isNew ? apply(stores, event) : false;
    });
    const { bookingId, type, reason } = event;
    const { requestId } = message;
    dependencies.logger.info({ bookingId, type, reason, changed, requestId }, "Payment event");
    if (changed && type === "payment.captured") dependencies.onRefund();
  },
});

const apply = (stores: Stores, event: PaymentEvent): Promise<boolean> => {
  const { bookingId, paymentId, amount, currency, attempts, reason } = event;
  const money = { amount, currency };
  if (event.type === "payment.captured" || event.type === "payment.failed") {
    const outcome = event.type === "payment.captured" ? "captured" : "failed";
    return applyPaymentEnd(stores, { bookingId, paymentId, outcome, money, attempts, reason });
  }
  const outcome = event.type === "payment.refunded" ? "DONE" : "FAILED";
  return applyRefundEnd(stores, { refundId: refundIdIn(event), bookingId, outcome, money, reason });
};

const refundIdIn = ({ refundId, type, bookingId }: PaymentEvent): string => {
  if (refundId === undefined) throw new Error(`${type} of ${bookingId} names no refund`);
  return refundId;
};
