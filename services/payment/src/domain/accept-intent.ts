import { isDeepStrictEqual } from "node:util";
import { Problem } from "@jatra/common/http/problem.ts";
import type { ListedPayment, PaymentIntent, PaymentRecord } from "@jatra/contracts/http/payment.ts";
import type { Dependencies } from "./dependencies.ts";
import type { Payment } from "./payment.ts";

/**
 * Records what a booking has to pay. A repeat with the same figures is the same; true when this call was the first.
 * Throws `payment_not_open` where it was closed before it came, `conflict` for other figures or a second payment of
 * the booking.
 */
export const acceptIntent = async (
  { payments }: Pick<Dependencies, "payments">,
  paymentId: string,
  intent: PaymentIntent,
  requestId: string,
): Promise<boolean> => {
  if (await payments.insertIntent(paymentId, intent, requestId)) return true;
  const existing = await payments.find(paymentId);
  if (existing && isSameIntent(existing, intent)) return false;
  if (existing) {
    throw new Problem("conflict", { detail: "This payment was recorded with other figures." });
  }
  if (await payments.isTombstone(paymentId)) throw new Problem("payment_not_open");
  throw new Problem("conflict", { detail: "The booking has another payment." });
};

/** `acceptIntent` for one of several that came together; `isFirst` as it answers. */
export const acceptListed = async (
  dependencies: Pick<Dependencies, "payments">,
  { paymentId, requestId, ...intent }: ListedPayment,
): Promise<PaymentRecord & { readonly isFirst: boolean }> => {
  try {
    const isFirst = await acceptIntent(dependencies, paymentId, intent, requestId);
    return { paymentId, outcome: "recorded", isFirst };
  } catch (error) {
    const code = error instanceof Problem ? error.code : undefined;
    if (code !== "conflict" && code !== "payment_not_open") throw error;
    return { paymentId, outcome: code, isFirst: false };
  }
};

/** The deadline isn't compared: a repeat may come from a message that has none. */
const isSameIntent = (payment: Payment, intent: PaymentIntent): boolean =>
  payment.bookingId === intent.bookingId &&
  payment.userId === intent.userId &&
  payment.amount === intent.amount &&
  payment.currency === intent.currency &&
  payment.method === intent.paymentMethod &&
  isDeepStrictEqual(payment.details, intent.paymentDetails);
