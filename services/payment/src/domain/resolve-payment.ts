import type { Dependencies } from "./dependencies.ts";
import type { Payment } from "./payment.ts";
import type { ChargeFinding } from "./payment-provider.ts";
import { IN_FLIGHT_MS, LEASE_MS, PAGE_POLL_MS, retryPauseMs } from "./provider-limits.ts";
import { failPayment, settlePayment } from "./settle-payment.ts";

/** `resend`: the provider has no charge, and this payment, leased anew, may be sent again under the same key. */
export type Resolution = { readonly kind: "done" } | { readonly kind: "resend"; payment: Payment };

const done: Resolution = { kind: "done" };

/**
 * Asks the provider what became of a payment that it may know of (SENT or UNKNOWN), and ends it, leases it for another try, or
 * leaves it for later. Safe at any time and any number of times; sending again is the caller's.
 */
export const resolvePayment = async (
  dependencies: Dependencies,
  payment: Payment,
  options: { readonly mayResend: boolean },
): Promise<Resolution> => {
  const finding = await ask(dependencies, payment);
  switch (finding.kind) {
    case "settled": {
      const verdict = await settlePayment(dependencies, finding.evidence, "poll");
      if (verdict.kind === "reject") await contradict(dependencies, payment, verdict.discrepancy);
      return done;
    }
    case "none":
      return withoutCharge(dependencies, payment, options);
    case "pending":
      await dependencies.payments.postpone(payment.paymentId, PAGE_POLL_MS);
      return done;
    case "unavailable":
      await dependencies.payments.postpone(payment.paymentId, retryPauseMs(payment.attempts));
      return done;
    default:
      return finding satisfies never;
  }
};

const ask = async (
  { provider, metrics }: Dependencies,
  payment: Payment,
): Promise<ChargeFinding> => {
  const end = metrics.providerCalls.startTimer({ operation: "query" });
  const finding = await provider.findCharge(payment.paymentId);
  end({ outcome: finding.kind });
  return finding;
};

/** The provider has a charge that isn't ours to keep as it is: never sent again, ended once nobody waits for better news. */
const contradict = async (
  dependencies: Dependencies,
  payment: Payment,
  discrepancy: string,
): Promise<void> => {
  if (payment.closeRequested || payment.deadlinePassed) {
    await failPayment(dependencies, payment, discrepancy);
    return;
  }
  await dependencies.payments.postpone(payment.paymentId, PAGE_POLL_MS);
};

const withoutCharge = async (
  dependencies: Dependencies,
  payment: Payment,
  { mayResend }: { readonly mayResend: boolean },
): Promise<Resolution> => {
  const reason = reasonToStop(payment, dependencies.retriesMax);
  if (reason !== undefined) {
    await stop(dependencies, payment, reason);
    return done;
  }
  const waitsForPayer = payment.redirectUrl !== undefined;
  if (waitsForPayer || !mayResend) {
    const pauseMs = waitsForPayer ? PAGE_POLL_MS : retryPauseMs(payment.attempts);
    await dependencies.payments.postpone(payment.paymentId, pauseMs);
    return done;
  }
  const leased = await dependencies.payments.leaseAgain(payment, LEASE_MS);
  return leased ? { kind: "resend", payment: leased } : done;
};

/** Why no further try is made, or `undefined` while one may be. */
export const reasonToStop = (payment: Payment, retriesMax: number): string | undefined => {
  if (payment.closeRequested) return "closed";
  if (payment.deadlinePassed) return "deadline";
  const waitsForPayer = payment.redirectUrl !== undefined;
  return !waitsForPayer && payment.attempts > retriesMax ? "provider_unavailable" : undefined;
};

const stop = async (
  dependencies: Dependencies,
  payment: Payment,
  reason: string,
): Promise<void> => {
  const mayStillArriveInMs = IN_FLIGHT_MS - (payment.sentAgoMs ?? IN_FLIGHT_MS);
  if (mayStillArriveInMs > 0) {
    await dependencies.payments.postpone(payment.paymentId, mayStillArriveInMs);
    return;
  }
  await failPayment(dependencies, payment, reason);
};
