import type { BookingEvent } from "@jatra/contracts/messages/booking-event.ts";
import type { BookingRecord } from "./booking-record.ts";

/**
 * The event that tells of a change just made: `booking` is the record as it was before, so the event carries the version
 * after it. `refundedAmount` in poisha, 0 but for refunds.
 */
export const bookingEventOf = (
  booking: BookingRecord,
  type: BookingEvent["type"],
  at: Date,
  refundedAmount = 0,
): BookingEvent => ({
  type,
  bookingId: booking.bookingId,
  bookingVersion: booking.version + 1,
  userId: booking.userId,
  email: booking.email,
  lockId: booking.lockId,
  journeyId: booking.journeyId,
  ...booking.trip,
  passengers: [...booking.passengers],
  amount: booking.amount,
  currency: booking.currency,
  refundedAmount,
  at: at.toISOString(),
});
