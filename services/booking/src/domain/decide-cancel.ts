import { Problem } from "@jatra/common/http/problem.ts";
import type { BookingRecord } from "./booking-record.ts";
import { isLive } from "./booking-states.ts";
import { refundAmountOf } from "./refund-rule.ts";

/** `wish`: the payment runs, its end decides. `cancel`: now, giving back `refundAmount` poisha. */
export type CancelDecision =
  | { readonly kind: "wish" }
  | { readonly kind: "cancel"; readonly refundAmount: number };

/**
 * What cancelling means for a booking. Throws `booking_not_cancellable` for one that has ended without a seat to give up, or
 * whose train has left.
 */
export const decideCancel = (
  booking: Pick<BookingRecord, "status" | "amount" | "departsAt">,
  now: Date,
): CancelDecision => {
  if (isLive(booking.status)) return { kind: "wish" };
  if (booking.status !== "CONFIRMED") {
    throw new Problem("booking_not_cancellable", { extra: { bookingStatus: booking.status } });
  }
  const refundAmount = refundAmountOf(booking.amount, booking.departsAt, now);
  if (refundAmount === undefined) {
    throw new Problem("booking_not_cancellable", { detail: "The train has left." });
  }
  return { kind: "cancel", refundAmount };
};
