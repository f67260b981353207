import type { BookingRecord } from "./booking-record.ts";
import { isLive } from "./booking-states.ts";

/** `undefined`: nothing to do, this end is known or outranked. `refund`: all of it is given back. */
export type PaymentDecision = {
  readonly changeTo: "CONFIRMED" | "PAYMENT_FAILED" | "CANCELLED" | undefined;
  readonly refund: boolean;
};

/**
 * What the end of a payment means for its booking, whatever order ends arrive in. Captured outranks failed. A capture is
 * never dropped, and never confirms what has ended or what its owner wanted cancelled: then all of it goes back.
 */
export const decidePaymentEnd = (
  booking: Pick<BookingRecord, "status" | "paymentStatus" | "cancelRequestedAt">,
  outcome: "captured" | "failed",
): PaymentDecision | undefined => {
  if (isCaptured(booking)) return undefined;
  const live = isLive(booking.status);
  const cancelled = booking.cancelRequestedAt !== null;
  if (outcome === "failed") {
    if (!live) return undefined;
    return { changeTo: cancelled ? "CANCELLED" : "PAYMENT_FAILED", refund: false };
  }
  if (!live) return { changeTo: undefined, refund: true };
  return { changeTo: cancelled ? "CANCELLED" : "CONFIRMED", refund: cancelled };
};

/** Without this a repeated `captured` would give back a cancelled booking that the rule gives nothing for. */
const isCaptured = ({ paymentStatus }: Pick<BookingRecord, "paymentStatus">): boolean =>
  paymentStatus === "CAPTURED" || paymentStatus === "REFUNDED";
