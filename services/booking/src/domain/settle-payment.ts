import type { PaymentStanding } from "@jatra/contracts/http/payment.ts";
import { applyPaymentEnd } from "./apply-payment-end.ts";
import type { BookingRecord } from "./booking-record.ts";
import type { Transact } from "./stores.ts";

/**
 * Takes in what payment-service answered to a question of ours, the same way as its events: so a lost event only costs
 * time. No sums to check here, the answer is about our own payment id. True where the booking changed.
 */
export const settlePayment = async (
  { bookingId, paymentId }: Pick<BookingRecord, "bookingId" | "paymentId">,
  { state, attempts, reason }: PaymentStanding,
  transact: Transact,
): Promise<boolean> => {
  if (state === "PENDING") return false;
  const outcome = state === "CAPTURED" ? "captured" : "failed";
  return transact(async (stores) => {
    const booking = await stores.bookings.findForUpdate(bookingId);
    const end = { bookingId, paymentId, outcome, attempts, reason } as const;
    return applyPaymentEnd(stores, booking, end);
  });
};
