import { settlesFrom, type Payment } from "./payment.ts";
import type { Evidence } from "./payment-provider.ts";

/** Why evidence can't be acted on; each counts in a metric that alerts, since a person has to look. */
export type Discrepancy =
  | "unknown_payment"
  | "amount_mismatch"
  | "currency_mismatch"
  | "not_sent"
  | "closed_before_sent"
  | "second_charge";

export type Verdict =
  | { readonly kind: "apply"; readonly state: "CAPTURED" | "FAILED" }
  /** Known already, or outranked by a capture: nothing to do. */
  | { readonly kind: "repeat" }
  | { readonly kind: "reject"; readonly discrepancy: Discrepancy };

/**
 * Compares what the provider says with what is written down: id, amount and currency must agree, captured outranks
 * failed, and what was never sent can't have an outcome. Pure: the caller writes.
 */
export const judgeEvidence = (payment: Payment | undefined, evidence: Evidence): Verdict => {
  if (payment === undefined || payment.paymentId !== evidence.paymentId) {
    return reject("unknown_payment");
  }
  if (payment.state === "CLOSED") return reject("closed_before_sent");
  if (payment.state === "NEW") return reject("not_sent");
  if (payment.currency !== evidence.currency) return reject("currency_mismatch");
  if (payment.amount !== evidence.amount) return reject("amount_mismatch");
  const state = evidence.outcome === "captured" ? "CAPTURED" : "FAILED";
  if (settlesFrom(state).includes(payment.state)) return { kind: "apply", state };
  return state === "CAPTURED" && payment.providerReference !== evidence.providerReference
    ? reject("second_charge")
    : { kind: "repeat" };
};

const reject = (discrepancy: Discrepancy): Verdict => ({ kind: "reject", discrepancy });
