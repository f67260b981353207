import type { BookingOutcome, BookingStatus } from "@jatra/contracts/http/booking.ts";

/** A booking as stored: what clients see, and the tombstone of one that never came to be. */
export type BookingState = BookingStatus | "ABANDONED";

/**
 * Every legal change. PAYMENT_FAILED → REFUNDED is a capture that arrived after the end: the money goes back, the seats
 * don't come back. The trigger in migrations/000001_bookings.sql knows the same table.
 */
export const transitions = {
  PAYMENT_PENDING: ["PAYMENT_PROCESSING", "CONFIRMED", "PAYMENT_FAILED", "CANCELLED"],
  PAYMENT_PROCESSING: ["CONFIRMED", "PAYMENT_FAILED", "CANCELLED"],
  CONFIRMED: ["CANCELLED"],
  PAYMENT_FAILED: ["REFUNDED"],
  CANCELLED: ["REFUNDED"],
  REFUNDED: [],
  ABANDONED: [],
} as const satisfies Record<BookingState, readonly BookingState[]>;

export const isLegalChange = (from: BookingState, to: BookingState): boolean => {
  const next: readonly BookingState[] = transitions[from];
  return next.includes(to);
};

/** The payment may still end either way. */
export const isLive = (state: BookingState): boolean =>
  state === "PAYMENT_PENDING" || state === "PAYMENT_PROCESSING";

/** What the owner of the seats may do with them. */
export const outcomeOf = (state: BookingState): BookingOutcome => {
  if (isLive(state)) return "LIVE";
  return state === "CONFIRMED" ? "CONFIRMED" : "RELEASED";
};
