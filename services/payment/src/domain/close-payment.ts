import { Problem } from "@jatra/common/http/problem.ts";
import { appendOutbox } from "@jatra/common/outbox/append-outbox.ts";
import type { PaymentStanding } from "@jatra/contracts/http/payment.ts";
import type { Dependencies } from "./dependencies.ts";
import type { Payment } from "./payment.ts";
import { paymentEventMessage } from "./payment-event.ts";
import { standingOf } from "./payment-view.ts";
import { resolvePayment } from "./resolve-payment.ts";

/** An insert and a PUT can cross twice at the very most: afterwards the row exists and stays. */
const TRIES_MAX = 3;

/**
 * The end of a payment that nobody wants any more. Unsent: stopped for good, with `payment.failed`. Never heard of: a
 * tombstone, so that a late PUT is refused. Sent: never sent again, and the provider is asked how it ended; PENDING
 * while that isn't known.
 */
export const closePayment = async (
  dependencies: Dependencies,
  paymentId: string,
): Promise<PaymentStanding> => {
  for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
    const closed = await closeUnsent(dependencies, paymentId, "closed");
    if (closed) return standingOf(closed);
    if (await dependencies.payments.insertTombstone(paymentId)) return tombstone(paymentId);
    const payment = await dependencies.payments.find(paymentId);
    if (!payment) return tombstone(paymentId);
    if (payment.state !== "NEW") return standingOf(await closeSent(dependencies, payment));
  }
  throw new Problem("dependency_unavailable", { headers: { "Retry-After": "1" } });
};

/** NEW → CLOSED with its event; `undefined` where the payment isn't NEW. */
export const closeUnsent = async (
  { transact, payments, wakeOutbox, metrics }: Dependencies,
  paymentId: string,
  reason: string,
): Promise<Payment | undefined> => {
  const closed = await transact(async (tx) => {
    const payment = await payments.closeNew(tx, paymentId, reason);
    if (payment) await appendOutbox(tx, paymentEventMessage(payment));
    return payment;
  });
  if (closed) {
    wakeOutbox();
    metrics.settled.inc({ outcome: "closed", source: "close" });
  }
  return closed;
};

const closeSent = async (dependencies: Dependencies, payment: Payment): Promise<Payment> => {
  if (payment.state !== "SENT" && payment.state !== "UNKNOWN") return payment;
  await dependencies.payments.requestClose(payment.paymentId);
  const closing = { ...payment, closeRequested: true };
  await resolvePayment(dependencies, closing, { mayResend: false });
  return (await dependencies.payments.find(payment.paymentId)) ?? payment;
};

const tombstone = (paymentId: string): PaymentStanding => ({
  paymentId,
  state: "FAILED",
  attempts: 0,
  reason: "closed",
});
