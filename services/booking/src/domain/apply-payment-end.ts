import { refundIdOf } from "./booking-ids.ts";
import type { BookingRecord } from "./booking-record.ts";
import { changeBooking } from "./change-booking.ts";
import { decidePaymentEnd } from "./decide-payment-end.ts";
import type { Stores } from "./stores.ts";

/** How a payment ended, in payment-service's own words. `money` is checked where the message tells it. */
export type PaymentEnd = {
  readonly bookingId: string;
  readonly paymentId: string;
  readonly outcome: "captured" | "failed";
  readonly money?: { readonly amount: number; readonly currency: string };
  readonly attempts: number;
  readonly reason: string | undefined;
};

/**
 * Takes in the end of a payment: booking, refund and event in the caller's transaction, which holds `booking` (as it was found)
 * locked. True where something changed. Throws `PaymentMismatchError` for an end that isn't this booking's: confirming it would give away somebody else's money.
 */
export const applyPaymentEnd = async (
  stores: Stores,
  booking: BookingRecord | undefined,
  end: PaymentEnd,
): Promise<boolean> => {
  assertMatch(booking, end);
  const decision = decidePaymentEnd(booking, end.outcome);
  if (!decision) return false;
  const status = end.outcome === "captured" ? "CAPTURED" : "FAILED";
  const payment = { status, attempts: end.attempts, reason: end.reason } as const;
  // In one change where there is one: no booking is confirmed before its capture is written.
  await Promise.all([
    decision.changeTo
      ? changeBooking(stores, booking, decision.changeTo, { payment })
      : stores.bookings.recordPayment(booking.bookingId, payment),
    decision.refund && requestFullRefund(stores, booking),
  ]);
  return true;
};

export class PaymentMismatchError extends Error {
  override readonly name = "PaymentMismatchError";
}

function assertMatch(
  booking: BookingRecord | undefined,
  end: PaymentEnd,
): asserts booking is BookingRecord {
  const { money } = end;
  const matches =
    booking?.paymentId === end.paymentId &&
    (!money || (money.amount === booking.amount && money.currency === booking.currency));
  if (matches) return;
  throw new PaymentMismatchError(
    `payment ${end.paymentId} (${end.outcome}) is not the one of booking ${end.bookingId}`,
  );
}

const requestFullRefund = (stores: Stores, booking: BookingRecord): Promise<void> =>
  stores.refunds.request(
    {
      refundId: refundIdOf(booking.paymentId),
      bookingId: booking.bookingId,
      paymentId: booking.paymentId,
      amount: booking.amount,
      currency: booking.currency,
    },
    booking.amount,
  );
