import type { PaymentIntent } from "@jatra/contracts/http/payment.ts";
import type { PaymentProcess } from "@jatra/contracts/messages/payment-process.ts";
import type { BookingRecord } from "./booking-record.ts";

/** The message that starts a payment, in the guide's form. `reservationId` is the lock. */
export const paymentMessageOf = (
  booking: Pick<
    BookingRecord,
    "bookingId" | "userId" | "lockId" | "amount" | "paymentMethod" | "paymentDetails"
  >,
): PaymentProcess => ({
  bookingId: booking.bookingId,
  userId: booking.userId,
  reservationId: booking.lockId,
  amount: booking.amount,
  paymentMethod: booking.paymentMethod,
  paymentDetails: booking.paymentDetails,
});

/** What payment-service is to charge: always the booking's own figures, whatever a message says. */
export const paymentIntentOf = (booking: BookingRecord): PaymentIntent => ({
  bookingId: booking.bookingId,
  userId: booking.userId,
  amount: booking.amount,
  currency: booking.currency,
  paymentMethod: booking.paymentMethod,
  paymentDetails: booking.paymentDetails,
  deadlineAt: booking.paymentDeadlineAt.toISOString(),
});
