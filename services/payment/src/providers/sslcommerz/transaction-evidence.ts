import type { ChargeFinding, Evidence } from "../../domain/payment-provider.ts";
import { fromDecimal } from "./decimal-amount.ts";
import { fromReference } from "./reference.ts";
import type { SslcommerzTransaction } from "./sslcommerz-answers.ts";

const outcomes: Readonly<Record<string, Evidence["outcome"] | undefined>> = {
  VALID: "captured",
  VALIDATED: "captured",
  FAILED: "failed",
  CANCELLED: "failed",
  EXPIRED: "failed",
  UNATTEMPTED: "failed",
};

/** `undefined` while a transaction is pending, or says nothing that we can read. */
export const evidenceOf = (transaction: SslcommerzTransaction): Evidence | undefined => {
  const outcome = outcomes[transaction.status];
  const paymentId = fromReference(transaction.tran_id);
  const amount = fromDecimal(transaction.currency_amount);
  if (outcome === undefined || paymentId === undefined || amount === undefined) return undefined;
  return {
    paymentId,
    outcome,
    amount,
    currency: transaction.currency_type,
    providerReference: transaction.bank_tran_id,
    ...(outcome === "failed" ? { reason: transaction.status.toLowerCase() } : {}),
  };
};

/** Of all tries of a payer the captured one counts, then the failed ones; pending ones may yet be either. */
export const findingOf = (transactions: readonly SslcommerzTransaction[]): ChargeFinding => {
  if (transactions.length === 0) return { kind: "none" };
  const evidence = transactions.map(evidenceOf).filter((found) => found !== undefined);
  const captured = evidence.find((found) => found.outcome === "captured");
  if (captured) return { kind: "settled", evidence: captured };
  const isOpen = evidence.length < transactions.length;
  const failed = evidence.at(-1);
  return isOpen || !failed ? { kind: "pending" } : { kind: "settled", evidence: failed };
};
