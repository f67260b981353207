import { PaymentMismatchError } from "./apply-payment-end.ts";
import type { BookingRecord, RefundRecord } from "./booking-record.ts";
import { changeBooking } from "./change-booking.ts";
import type { Stores } from "./stores.ts";

export type RefundEnd = {
  readonly refundId: string;
  readonly bookingId: string;
  readonly outcome: "DONE" | "FAILED";
  /** Checked where the message tells it. */
  readonly money?: { readonly amount: number; readonly currency: string };
  readonly reason: string | undefined;
};

/**
 * Takes in the end of a refund of `booking`, which the transaction holds locked. A refund that failed for good stays FAILED (its metric alerts: a person must pay it out). True
 * where something changed. Throws `PaymentMismatchError` for a refund that booking-service never asked for.
 */
export const applyRefundEnd = async (
  stores: Stores,
  booking: BookingRecord | undefined,
  end: RefundEnd,
): Promise<boolean> => {
  const refund = await stores.refunds.find(end.bookingId);
  if (!booking || !refund || !matches(refund, end)) {
    throw new PaymentMismatchError(`refund ${end.refundId} is not one of ${end.bookingId}`);
  }
  const ended = await stores.refunds.end(end.refundId, end.outcome, end.reason);
  if (!ended) return false;
  if (end.outcome === "DONE") {
    const { paymentAttempts: attempts } = booking;
    const payment = { status: "REFUNDED", attempts, reason: undefined } as const;
    await changeBooking(stores, booking, "REFUNDED", { refundedAmount: refund.amount, payment });
  }
  return true;
};

const matches = (refund: RefundRecord, { refundId, money }: RefundEnd): boolean =>
  refund.refundId === refundId &&
  (!money || (money.amount === refund.amount && money.currency === refund.currency));
