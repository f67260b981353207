import type { Queryable } from "@jatra/common/database/queryable.ts";
import { appendOutbox } from "@jatra/common/outbox/append-outbox.ts";
import { paymentEventSchema, type PaymentEvent } from "@jatra/contracts/messages/payment-event.ts";
import type { Payment } from "./payment.ts";
import type { Refund } from "./refund.ts";

/** Tells booking how a payment ended, in the transaction that wrote it. */
export const appendPaymentEvent = (
  tx: Queryable,
  type: "payment.captured" | "payment.failed",
  payment: Payment,
): Promise<string> =>
  append(tx, payment.requestId, {
    type,
    paymentId: payment.paymentId,
    bookingId: payment.bookingId,
    amount: payment.amount,
    currency: "BDT",
    ...(payment.reason === undefined ? {} : { reason: payment.reason }),
    attempts: payment.attempts,
    at: new Date().toISOString(),
  });

/** Tells booking how a refund ended, in the transaction that wrote it. */
export const appendRefundEvent = (
  tx: Queryable,
  type: "payment.refunded" | "payment.refund_failed",
  refund: Refund,
): Promise<string> =>
  append(tx, refund.requestId, {
    type,
    paymentId: refund.paymentId,
    bookingId: refund.bookingId,
    refundId: refund.refundId,
    amount: refund.amount,
    currency: "BDT",
    ...(refund.reason === undefined ? {} : { reason: refund.reason }),
    attempts: refund.attempts,
    at: new Date().toISOString(),
  });

const append = (tx: Queryable, requestId: string, event: PaymentEvent): Promise<string> =>
  appendOutbox(tx, {
    exchange: "payment.exchange",
    routingKey: event.type,
    content: paymentEventSchema.parse(event),
    requestId,
    aggregateId: event.bookingId,
  });
