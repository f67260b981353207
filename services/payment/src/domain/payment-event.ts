import type { OutboxMessage } from "@jatra/common/outbox/append-outbox.ts";
import { paymentEventSchema, type PaymentEvent } from "@jatra/contracts/messages/payment-event.ts";
import type { Payment } from "./payment.ts";
import type { Refund } from "./refund.ts";

/** Tells booking how a payment ended; for the transaction that wrote the end. */
export const paymentEventMessage = (payment: Payment): OutboxMessage =>
  messageOf(payment.requestId, {
    type: payment.state === "CAPTURED" ? "payment.captured" : "payment.failed",
    paymentId: payment.paymentId,
    bookingId: payment.bookingId,
    amount: payment.amount,
    currency: "BDT",
    ...(payment.reason === undefined ? {} : { reason: payment.reason }),
    attempts: payment.attempts,
    at: new Date().toISOString(),
  });

/** Tells booking how a refund ended; for the transaction that wrote the end. */
export const refundEventMessage = (refund: Refund): OutboxMessage =>
  messageOf(refund.requestId, {
    type: refund.state === "DONE" ? "payment.refunded" : "payment.refund_failed",
    paymentId: refund.paymentId,
    bookingId: refund.bookingId,
    refundId: refund.refundId,
    amount: refund.amount,
    currency: "BDT",
    ...(refund.reason === undefined ? {} : { reason: refund.reason }),
    attempts: refund.attempts,
    at: new Date().toISOString(),
  });

const messageOf = (requestId: string, event: PaymentEvent): OutboxMessage => ({
  exchange: "payment.exchange",
  routingKey: event.type,
  content: paymentEventSchema.parse(event),
  requestId,
  aggregateId: event.bookingId,
});
