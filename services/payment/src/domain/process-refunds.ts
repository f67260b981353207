import { appendOutbox } from "@jatra/common/outbox/append-outbox.ts";
import type { Dependencies } from "./dependencies.ts";
import { eachApart } from "./each-apart.ts";
import { refundEventMessage } from "./payment-event.ts";
import type { RefundAnswer } from "./payment-provider.ts";
import { LEASE_MS, PAGE_POLL_MS, retryPauseMs } from "./provider-limits.ts";
import type { Refund } from "./refund.ts";

/** A cancelled train's refunds come in hundreds; a batch of them takes some seconds at most. */
const BATCH_MAX = 32;

/**
 * Sends what is to be given back, and asks again for what has no answer yet: leased and committed as SENT first, under the
 * refund's id as the provider's key, so repeating it pays once. Answers how many it took up.
 */
export const processRefunds = async (dependencies: Dependencies): Promise<number> => {
  const leased = await dependencies.refunds.lease(BATCH_MAX, LEASE_MS);
  await eachApart(
    leased,
    (refund) => processRefund(dependencies, refund),
    ({ refundId, requestId }) => ({ refundId, requestId }),
    dependencies.logger,
  );
  return leased.length;
};

const processRefund = async (dependencies: Dependencies, refund: Refund): Promise<void> => {
  const answer = await callProvider(dependencies, refund);
  const { refunds, logger } = dependencies;
  const { refundId, requestId, attempts } = refund;
  switch (answer.kind) {
    case "done":
      return settleRefund(dependencies, refund, "DONE", answer);
    case "failed":
      return settleRefund(dependencies, refund, "FAILED", answer);
    case "pending":
      return refunds.postpone(refundId, answer.providerReference, PAGE_POLL_MS);
    case "unknown":
      logger.warn({ refundId, requestId, attempts, cause: answer.cause }, "refund is unknown");
      return refunds.postpone(refundId, undefined, retryPauseMs(attempts));
    default:
      return answer satisfies never;
  }
};

const callProvider = async (
  { provider, metrics }: Dependencies,
  refund: Refund,
): Promise<RefundAnswer> => {
  const end = metrics.providerCalls.startTimer({ operation: "refund" });
  const answer = await provider.refund(refund);
  end({ outcome: answer.kind });
  return answer;
};

const settleRefund = async (
  { transact, refunds, wakeOutbox, metrics, logger }: Dependencies,
  { refundId, requestId }: Refund,
  state: "DONE" | "FAILED",
  told: { readonly providerReference?: string; readonly reason?: string },
): Promise<void> => {
  const settled = await transact(async (tx) => {
    const refund = await refunds.settle(tx, refundId, state, told);
    if (refund) await appendOutbox(tx, refundEventMessage(refund));
    return refund;
  });
  if (!settled) return;
  wakeOutbox();
  metrics.refunds.inc({ outcome: state === "DONE" ? "done" : "failed" });
  // A person has to give the money back by hand.
  if (state === "FAILED") {
    logger.error({ refundId, requestId, reason: told.reason }, "the provider refused a refund");
  }
};
