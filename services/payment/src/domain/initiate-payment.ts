import { setTimeout as pause } from "node:timers/promises";
import { Problem } from "@jatra/common/http/problem.ts";
import type { PaymentView } from "@jatra/contracts/http/payment.ts";
import { acceptIntent } from "./accept-intent.ts";
import type { BookingIntents } from "./booking-intents.ts";
import type { Dependencies } from "./dependencies.ts";
import type { Payment } from "./payment.ts";
import { viewOf } from "./payment-view.ts";

export type InitiateNeeds = Pick<Dependencies, "payments" | "refunds" | "provider"> & {
  readonly intents: BookingIntents;
  /** Sends the payment now. */
  readonly wakeProcessor: () => void;
};

export type Initiation = {
  readonly bookingId: string;
  readonly userId: string;
  /** What the client believes the price is, in poisha; only ever compared. */
  readonly amount: number | undefined;
  readonly requestId: string;
};

/** A session at a provider takes some 100 ms; a payer waits no longer than this for the page's address. */
const PAGE_WAIT_MS = 4_000;
const PAGE_POLL_MS = 50;

/**
 * The booking's one payment, made from booking's own figures if the worker hasn't brought it yet, with the address of the provider's
 * page where it has one. Throws `not_found` for another user's booking, `price_changed`, `payment_not_open` once it has
 * failed, `dependency_unavailable` while the page isn't there.
 */
export const initiatePayment = async (
  needs: InitiateNeeds,
  initiation: Initiation,
): Promise<PaymentView> => {
  const payment = await findOrAccept(needs, initiation);
  if (payment.userId !== initiation.userId) throw new Problem("not_found");
  if (initiation.amount !== undefined && initiation.amount !== payment.amount) {
    const { amount, currency } = payment;
    throw new Problem("price_changed", { extra: { amount, currency } });
  }
  if (payment.state === "FAILED" || payment.state === "CLOSED") {
    throw new Problem("payment_not_open", { extra: { reason: payment.reason } });
  }
  const ready = await withPage(needs, payment);
  return viewOf(ready, await needs.refunds.findByBooking(payment.bookingId));
};

const findOrAccept = async (needs: InitiateNeeds, initiation: Initiation): Promise<Payment> => {
  const { bookingId, userId, requestId } = initiation;
  const existing = await needs.payments.findByBooking(bookingId);
  if (existing) return existing;
  const intent = await needs.intents.find(bookingId, requestId);
  if (!intent || intent.userId !== userId) throw new Problem("not_found");
  if (!intent.open) throw new Problem("payment_not_open");
  const { paymentId, open: _open, ...figures } = intent;
  await acceptIntent(needs, paymentId, figures, requestId);
  needs.wakeProcessor();
  const accepted = await needs.payments.find(paymentId);
  if (!accepted) throw new Error(`payment ${paymentId} was recorded and is gone`);
  return accepted;
};

const withPage = async (needs: InitiateNeeds, payment: Payment): Promise<Payment> => {
  if (!needs.provider.hasPage || payment.state === "CAPTURED") return payment;
  const endsAt = Date.now() + PAGE_WAIT_MS;
  let current: Payment | undefined = payment;
  while (current && Date.now() < endsAt) {
    if (current.redirectUrl !== undefined) return current;
    await pause(PAGE_POLL_MS);
    current = await needs.payments.find(payment.paymentId);
  }
  throw new Problem("dependency_unavailable", {
    detail: "The provider's page isn't there yet.",
    headers: { "Retry-After": "2" },
  });
};
