import type { Dependencies } from "./dependencies.ts";
import { judgeEvidence, type Verdict } from "./judge-evidence.ts";
import type { Payment } from "./payment.ts";
import type { Evidence } from "./payment-provider.ts";
import type { Settlement } from "./payment-store.ts";

export type EvidenceSource = "reply" | "webhook" | "poll" | "ledger";

type Needs = Pick<
  Dependencies,
  "payments" | "writeSettlement" | "metrics" | "logger" | "findings" | "provider"
>;

/**
 * The one place where a payment gets its outcome, whichever way the news came and however often: checks id, amount and
 * currency, then writes the result and its event in one transaction by compare-and-set.
 * `known`: the row as the caller just read it, if it did. Answers the verdict; a rejected one is counted and alerts.
 */
export const settlePayment = async (
  needs: Needs,
  evidence: Evidence,
  source: EvidenceSource,
  known?: Payment,
): Promise<Verdict> => {
  const payment = known ?? (await needs.payments.find(evidence.paymentId));
  const verdict = judgeEvidence(payment, evidence);
  if (verdict.kind === "reject") {
    await report(needs, evidence, source, verdict.discrepancy);
    return verdict;
  }
  if (verdict.kind === "repeat") return verdict;
  const written = await end(needs, source, {
    paymentId: evidence.paymentId,
    state: verdict.state,
    providerReference: evidence.providerReference,
    reason: evidence.reason,
  });
  if (written || known === undefined) return verdict;
  // Somebody was faster than the row we held: judge once more by what is written now.
  return settlePayment(needs, evidence, source);
};

/**
 * Ends a payment that the provider has no charge for (`reason` says why we stopped trying); the same transaction and
 * compare-and-set. False where it ended otherwise meanwhile.
 */
export const failPayment = (needs: Needs, payment: Payment, reason: string): Promise<boolean> =>
  end(needs, "poll", {
    paymentId: payment.paymentId,
    state: "FAILED",
    providerReference: undefined,
    reason,
  });

const end = async (
  needs: Needs,
  source: EvidenceSource,
  settlement: Settlement,
): Promise<boolean> => {
  const settled = await needs.writeSettlement(settlement);
  if (!settled) return false;
  const outcome = settlement.state === "CAPTURED" ? "captured" : "failed";
  needs.metrics.settled.inc({ outcome, source });
  const seconds = (Date.now() - settled.createdAt.getTime()) / 1000;
  needs.metrics.processing.observe({ outcome }, Math.max(0, seconds));
  return true;
};

/** Money that moved stays on record until a person has resolved it: not every provider has a ledger to find it in again. */
const report = async (
  { metrics, logger, findings, provider }: Needs,
  evidence: Evidence,
  source: EvidenceSource,
  discrepancy: string,
): Promise<void> => {
  metrics.discrepancies.inc({ discrepancy });
  const { paymentId, outcome, amount, currency, providerReference } = evidence;
  logger.error(
    { paymentId, outcome, amount, currency, providerReference, source, discrepancy },
    "the provider contradicts our books",
  );
  if (outcome !== "captured") return;
  const finding = { entryId: providerReference, reference: paymentId, kind: discrepancy };
  await findings.record(provider.name, [finding]);
};
