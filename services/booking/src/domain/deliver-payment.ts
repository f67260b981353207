import type { BookingRecord } from "./booking-record.ts";
import { isLive } from "./booking-states.ts";
import type { Payments } from "./neighbours.ts";
import { paymentIntentOf } from "./payment-message.ts";
import { settlePayment } from "./settle-payment.ts";
import type { BookingStore, Transact } from "./stores.ts";

/** `ended`: nothing may be charged (any more). `refused`: payment-service had ended it before; its word was taken in. */
export type Delivery = "delivered" | "ended" | "refused";

export type DeliverPaymentDependencies = {
  readonly bookings: BookingStore;
  readonly payments: Payments;
  readonly transact: Transact;
};

/**
 * Hands a booking's payment to payment-service: PAYMENT_PENDING → PAYMENT_PROCESSING by compare-and-set, then the intent under the
 * booking's one payment id. Safe to repeat at any point: after a crash in between, the state is PAYMENT_PROCESSING already
 * and the intent is put again. Throws `InternalCallError` where payment-service gave no answer.
 */
export const deliverPayment = async (
  bookingId: string,
  requestId: string,
  { bookings, payments, transact }: DeliverPaymentDependencies,
): Promise<Delivery> => {
  const booking = await beginProcessing(bookingId, bookings);
  if (!booking) return "ended";
  const recorded = await payments.put(booking.paymentId, paymentIntentOf(booking), requestId);
  if (recorded) return "delivered";
  const standing = await payments.standing(booking.paymentId, requestId);
  if (standing) await settlePayment(booking, standing, transact);
  return "refused";
};

const beginProcessing = async (
  bookingId: string,
  bookings: BookingStore,
): Promise<BookingRecord | undefined> => {
  const begun = await bookings.beginPayment(bookingId);
  if (begun) return begun;
  const booking = await bookings.find(bookingId);
  if (!booking) throw new Error(`no booking ${bookingId} to pay for`);
  // A wish to cancel comes before the charge where it can; the sweeper closes the payment.
  if (!isLive(booking.status) || booking.cancelRequestedAt !== null) return undefined;
  return booking;
};
