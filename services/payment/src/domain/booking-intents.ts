import type { PaymentIntent as BookingIntent } from "@jatra/contracts/http/booking.ts";

/** What booking-service says is to be paid for a booking; `undefined` for one that it doesn't know. */
export type BookingIntents = {
  readonly find: (bookingId: string, requestId: string) => Promise<BookingIntent | undefined>;
};
