import { bookingEventOf, type AnnouncedStatus } from "./booking-event.ts";
import type { BookingRecord } from "./booking-record.ts";
import type { PaymentOutcome, Stores } from "./stores.ts";

/**
 * Changes a booking that the transaction holds locked, with the payment's outcome where that brought it about, and tells the others in
 * the same transaction. Throws where the record is not the one in the database: whoever read it without a lock has a bug.
 */
export const changeBooking = async (
  stores: Stores,
  booking: BookingRecord,
  to: AnnouncedStatus,
  { refundedAmount = 0, payment }: { refundedAmount?: number; payment?: PaymentOutcome } = {},
): Promise<void> => {
  const at = await stores.bookings.changeStatus(booking, to, payment);
  if (!at) throw new Error(`booking ${booking.bookingId} changed under its lock`);
  const end = { status: to, version: booking.version + 1, at };
  const event = bookingEventOf(booking, end, refundedAmount);
  await stores.publishEvent(event, booking.requestId);
};
