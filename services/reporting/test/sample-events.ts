import { randomUUID } from "node:crypto";
import type { BookingEvent } from "@jatra/contracts/messages/booking-event.ts";

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
): BookingEvent => ({
  ...types[what],
  bookingId: randomUUID(),
  userId: "user-1",
  email: "traveller@example.com",
  lockId: randomUUID(),
  journeyId: "journey-1",
  train: { number: "701", name: "Subarna Express" },
  from: { code: "CTG", name: "Chattogram", at: "2026-12-01T01:00:00.000Z" },
  to: { code: "DHK", name: "Dhaka", at: "2026-12-01T06:00:00.000Z" },
  passengers: [
    { name: "First", seatId: "KA-1", coach: "KA", class: "SNIGDHA", fareAmount: 100_000 },
    { name: "Second", seatId: "GA-2", coach: "GA", class: "SHOVAN", fareAmount: 50_000 },
  ],
  amount: 150_000,
  currency: "BDT",
  refundedAmount: 0,
  at: "2026-11-20T12:00:00.000Z",
  ...other,
});
