import type { BookingStatus } from "@jatra/contracts/http/booking.ts";
import type { BookingEvent } from "@jatra/contracts/messages/booking-event.ts";
import type { BookingRecord } from "./booking-record.ts";

/** Ends that others must hear of, and the word they hear. */
const eventTypes = {
  CONFIRMED: "booking.confirmed",
  PAYMENT_FAILED: "booking.payment_failed",
  CANCELLED: "booking.cancelled",
  REFUNDED: "booking.refunded",
} as const satisfies Record<string, BookingEvent["type"]>;
export type AnnouncedStatus = keyof typeof eventTypes;

export const isAnnounced = (status: BookingStatus): status is AnnouncedStatus =>
  status in eventTypes;

/**
 * The event that tells of an end: `status` and `version` are those of the end, `at` its time, `refundedAmount` in poisha, 0
 * but for refunds.
 */
export const bookingEventOf = (
  booking: Omit<BookingRecord, "status" | "version">,
  end: { readonly status: AnnouncedStatus; readonly version: number; readonly at: Date },
  refundedAmount: number,
): BookingEvent => ({
  type: eventTypes[end.status],
  bookingId: booking.bookingId,
  bookingVersion: end.version,
  userId: booking.userId,
  email: booking.email,
  lockId: booking.lockId,
  journeyId: booking.journeyId,
  ...booking.trip,
  passengers: [...booking.passengers],
  amount: booking.amount,
  currency: booking.currency,
  refundedAmount,
  at: end.at.toISOString(),
});
