import {
  paymentViewSchema,
  type PaymentStanding,
  type PaymentView,
} from "@jatra/contracts/http/payment.ts";
import type { Payment, PaymentLifeState } from "./payment.ts";
import type { Refund } from "./refund.ts";

const standings = {
  NEW: "PENDING",
  SENT: "PENDING",
  UNKNOWN: "PENDING",
  CAPTURED: "CAPTURED",
  FAILED: "FAILED",
  CLOSED: "FAILED",
} as const satisfies Record<PaymentLifeState, PaymentStanding["state"]>;

const statuses = {
  NEW: "PENDING",
  SENT: "PROCESSING",
  UNKNOWN: "PROCESSING",
  CAPTURED: "CAPTURED",
  FAILED: "FAILED",
  CLOSED: "FAILED",
} as const satisfies Record<PaymentLifeState, PaymentView["status"]>;

/** A payment as booking-service needs it. */
export const standingOf = (payment: Payment): PaymentStanding => ({
  paymentId: payment.paymentId,
  state: standings[payment.state],
  attempts: payment.attempts,
  ...(payment.reason === undefined ? {} : { reason: payment.reason }),
});

/** A payment as its payer may see it. */
export const viewOf = (payment: Payment, refund: Refund | undefined): PaymentView =>
  paymentViewSchema.parse({
    paymentId: payment.paymentId,
    bookingId: payment.bookingId,
    status: statuses[payment.state],
    amount: payment.amount,
    currency: payment.currency,
    paymentMethod: payment.method,
    attempts: payment.attempts,
    reason: payment.reason,
    redirectUrl: payment.redirectUrl,
    refund: refund && {
      refundId: refund.refundId,
      status: refund.state,
      amount: refund.amount,
    },
    createdAt: payment.createdAt.toISOString(),
  });
