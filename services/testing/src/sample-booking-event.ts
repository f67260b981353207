import { randomUUID } from "node:crypto";
import type { BookingEvent } from "@jatra/contracts/messages/booking-event.ts";

/** What booking-service tells of a confirmed booking of two seats; anything may be another. */
export const sampleBookingEvent = (other: Partial<BookingEvent> = {}): BookingEvent => ({
  type: "booking.confirmed",
  bookingId: randomUUID(),
  bookingVersion: 3,
  userId: "user-1",
  email: "traveller@example.com",
  lockId: randomUUID(),
  journeyId: "journey-1",
  train: { number: "701", name: "Subarna Express" },
  from: { code: "CTG", name: "Chattogram", at: "2026-12-01T01:00:00.000Z" },
  to: { code: "DHK", name: "Dhaka", at: "2026-12-01T06:00:00.000Z" },
  passengers: [
    { name: "First", seatId: "KA-1", coach: "KA", class: "SNIGDHA", fareAmount: 85_500 },
    { name: "Second", seatId: "KA-2", coach: "KA", class: "SNIGDHA", fareAmount: 85_550 },
  ],
  amount: 171_050,
  currency: "BDT",
  refundedAmount: 0,
  at: "2026-11-22T12:00:00.000Z",
  ...other,
});
