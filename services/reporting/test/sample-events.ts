import type { BookingEvent } from "@jatra/contracts/messages/booking-event.ts";
import { sampleBookingEvent } from "@jatra/testing/sample-booking-event.ts";

const types = {
  confirmed: { type: "booking.confirmed", bookingVersion: 3 },
  failed: { type: "booking.payment_failed", bookingVersion: 3 },
  cancelled: { type: "booking.cancelled", bookingVersion: 4 },
  refunded: { type: "booking.refunded", bookingVersion: 5 },
} as const satisfies Record<string, Partial<BookingEvent>>;

/** An event of a booking of two seats in two classes, 1,000 and 500 taka; anything may be another. */
export const sampleEvent = (
  what: keyof typeof types,
  other: Partial<BookingEvent> = {},
): BookingEvent =>
  sampleBookingEvent({
    ...types[what],
    passengers: [
      { name: "First", seatId: "KA-1", coach: "KA", class: "SNIGDHA", fareAmount: 100_000 },
      { name: "Second", seatId: "GA-2", coach: "GA", class: "SHOVAN", fareAmount: 50_000 },
    ],
    amount: 150_000,
    at: "2026-11-20T12:00:00.000Z",
    ...other,
  });
