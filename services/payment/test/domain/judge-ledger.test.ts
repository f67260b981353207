import assert from "node:assert/strict";
import { judgeCharge } from "../../src/domain/judge-ledger.ts";
import type { Payment } from "../../src/domain/payment.ts";
import type { LedgerLine } from "../../src/domain/payment-provider.ts";

const line: LedgerLine = {
  position: 1,
  kind: "charge",
  entryId: "charge-1",
  reference: "payment-1",
  outcome: "captured",
  amount: 100,
  currency: "BDT",
  at: new Date(0),
};

const payment = (changes: Partial<Payment>): Payment => ({
  paymentId: "payment-1",
  bookingId: "booking-1",
  userId: "user-1",
  amount: 100,
  currency: "BDT",
  method: "card",
  details: undefined,
  state: "CAPTURED",
  closeRequested: false,
  attempts: 1,
  deadlineAt: undefined,
  deadlinePassed: false,
  sentAgoMs: 0,
  redirectUrl: undefined,
  providerReference: "charge-1",
  reason: undefined,
  requestId: "request-1",
  createdAt: new Date(0),
  ...changes,
});

const kindOf = (verdict: ReturnType<typeof judgeCharge>): string =>
  verdict.kind === "finding" ? verdict.finding.kind : verdict.kind;

describe("comparing the provider's ledger with our payments", () => {
  const cases: readonly [string, LedgerLine, Payment | undefined, string][] = [
    ["agrees with its own capture", line, payment({}), "agrees"],
    ["ignores what was declined", { ...line, outcome: "failed" }, undefined, "agrees"],
    ["settles a capture we don't know of", line, payment({ state: "UNKNOWN" }), "settle"],
    ["settles a capture we took for failed", line, payment({ state: "FAILED" }), "settle"],
    ["finds a charge that names no payment", line, undefined, "unknown_payment"],
    ["finds another amount", { ...line, amount: 99 }, payment({}), "amount_mismatch"],
    ["finds a second charge", { ...line, entryId: "charge-2" }, payment({}), "second_charge"],
    ["finds a charge that was never sent", line, payment({ state: "NEW" }), "not_sent"],
    ["finds a charge of a closed payment", line, payment({ state: "CLOSED" }), "not_sent"],
  ];
  for (const [behaviour, ledgerLine, known, expected] of cases) {
    it(behaviour, () => assert.equal(kindOf(judgeCharge(ledgerLine, known)), expected));
  }
});
