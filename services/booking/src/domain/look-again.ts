import type { BookingRecord } from "./booking-record.ts";
import { isLive } from "./booking-states.ts";
import type { PaymentPace } from "./payment-pace.ts";

/** Headers that tell when to look again; none once the payment has ended. Clocks that differ only make it a bad guess. */
export const lookAgain = (
  pace: PaymentPace,
  {
    status,
    paymentMethod,
    createdAt,
  }: Pick<BookingRecord, "status" | "paymentMethod" | "createdAt">,
): Record<string, string> => {
  if (!isLive(status)) return {};
  const ageMs = Math.max(Date.now() - createdAt.getTime(), 0);
  return { "Retry-After": String(pace.secondsUntilLook(paymentMethod, ageMs)) };
};
