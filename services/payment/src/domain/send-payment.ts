import type { Dependencies } from "./dependencies.ts";
import type { Payment } from "./payment.ts";
import type { ChargeAnswer } from "./payment-provider.ts";
import { PAGE_POLL_MS, retryPauseMs } from "./provider-limits.ts";
import { resolvePayment } from "./resolve-payment.ts";
import { settlePayment } from "./settle-payment.ts";

/**
 * Charges a payment that this process holds the lease of: SENT is committed, no transaction is open. The payment's id is the
 * provider's idempotency key, so that even two pods at once make one charge. Without an answer the payment is
 * UNKNOWN, and the provider is asked what became of it.
 */
export const sendPayment = async (dependencies: Dependencies, payment: Payment): Promise<void> => {
  const answer = await charge(dependencies, payment);
  const { payments, logger } = dependencies;
  switch (answer.kind) {
    case "settled":
      await settlePayment(dependencies, answer.evidence, "reply", payment);
      return;
    case "redirect":
      await payments.markRedirected(payment, answer.redirectUrl, PAGE_POLL_MS);
      return;
    case "unknown": {
      const { paymentId, requestId, attempts } = payment;
      logger.warn({ paymentId, requestId, attempts, cause: answer.cause }, "charge is unknown");
      await payments.markUnknown(payment, answer.cause, retryPauseMs(payment.attempts));
      await resolvePayment(dependencies, { ...payment, state: "UNKNOWN" }, { mayResend: false });
      return;
    }
    default:
      answer satisfies never;
  }
};

const charge = async (
  { provider, metrics }: Dependencies,
  payment: Payment,
): Promise<ChargeAnswer> => {
  const end = metrics.providerCalls.startTimer({ operation: "charge" });
  const answer = await provider.charge({
    paymentId: payment.paymentId,
    amount: payment.amount,
    currency: payment.currency,
    method: payment.method,
    details: payment.details,
  });
  end({ outcome: answer.kind === "settled" ? answer.evidence.outcome : answer.kind });
  return answer;
};
