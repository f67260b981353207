import type { LedgerFinding } from "./ledger-store.ts";
import type { Payment } from "./payment.ts";
import type { LedgerLine } from "./payment-provider.ts";

export type LedgerVerdict =
  | { readonly kind: "agrees" }
  /** The provider has the money, our books don't say so: settle by this line. */
  | { readonly kind: "settle" }
  | { readonly kind: "finding"; readonly finding: LedgerFinding };

/** Compares one charge of the provider's ledger with the payment that its reference names. Pure. */
export const judgeCharge = (line: LedgerLine, payment: Payment | undefined): LedgerVerdict => {
  // Refused charges moved nothing; open payments hear of them by query.
  if (line.outcome !== "captured") return { kind: "agrees" };
  if (!payment) return finding(line, "unknown_payment");
  if (payment.amount !== line.amount || payment.currency !== line.currency) {
    return finding(line, "amount_mismatch");
  }
  if (payment.state !== "CAPTURED") {
    return payment.state === "NEW" || payment.state === "CLOSED"
      ? finding(line, "not_sent")
      : { kind: "settle" };
  }
  return payment.providerReference === line.entryId
    ? { kind: "agrees" }
    : finding(line, "second_charge");
};

const finding = (line: LedgerLine, kind: string): LedgerVerdict => ({
  kind: "finding",
  finding: { entryId: line.entryId, reference: line.reference, kind },
});
