import assert from "node:assert/strict";
import fc from "fast-check";
import { judgeEvidence } from "../../src/domain/judge-evidence.ts";
import {
  isLegalTransition,
  paymentStates,
  type Payment,
  type PaymentLifeState,
} from "../../src/domain/payment.ts";
import type { Evidence } from "../../src/domain/payment-provider.ts";

const payment = (changes: Partial<Payment> = {}): Payment => ({
  paymentId: "payment-1",
  bookingId: "booking-1",
  userId: "user-1",
  amount: 100,
  currency: "BDT",
  method: "card",
  details: undefined,
  state: "SENT",
  closeRequested: false,
  attempts: 1,
  deadlineAt: undefined,
  deadlinePassed: false,
  sentAgoMs: 0,
  redirectUrl: undefined,
  providerReference: undefined,
  reason: undefined,
  requestId: "request-1",
  createdAt: new Date(0),
  ...changes,
});

const evidence = (changes: Partial<Evidence> = {}): Evidence => ({
  paymentId: "payment-1",
  outcome: "captured",
  amount: 100,
  currency: "BDT",
  providerReference: "charge-1",
  ...changes,
});

const arbitraryState = fc.constantFrom(...paymentStates);
const arbitraryEvidence = fc
  .record({
    outcome: fc.constantFrom("captured" as const, "failed" as const),
    amount: fc.constantFrom(100, 99),
    currency: fc.constantFrom("BDT", "USD"),
    providerReference: fc.constantFrom("charge-1", "charge-2"),
  })
  .map(evidence);

/** What the store does with a verdict: the compare-and-set always wins when nobody else writes. */
const apply = (before: Payment, told: Evidence): Payment => {
  const verdict = judgeEvidence(before, told);
  if (verdict.kind !== "apply") return before;
  const { providerReference } = told;
  return { ...before, state: verdict.state, providerReference };
};

describe("judging what a provider says", () => {
  it("only ever takes steps of the state machine", () => {
    fc.assert(
      fc.property(arbitraryState, arbitraryEvidence, (state, told) => {
        const before = payment({ state });
        const after = apply(before, told);
        assert.ok(before === after || isLegalTransition(before.state, after.state));
      }),
    );
  });

  it("never leaves CAPTURED or CLOSED, whatever is said afterwards", () => {
    fc.assert(
      fc.property(
        fc.constantFrom<PaymentLifeState>("CAPTURED", "CLOSED"),
        fc.array(arbitraryEvidence),
        (state, said) => {
          const end = said.reduce(apply, payment({ state, providerReference: "charge-1" }));
          assert.equal(end.state, state);
        },
      ),
    );
  });

  it("ends captured whenever a true capture was among the evidence, in any order", () => {
    fc.assert(
      fc.property(fc.array(arbitraryEvidence), fc.nat(), (said, position) => {
        const at = said.length === 0 ? 0 : position % said.length;
        const all = [...said.slice(0, at), evidence(), ...said.slice(at)];
        assert.equal(all.reduce(apply, payment()).state, "CAPTURED");
      }),
    );
  });

  it("never captures on another amount, currency or id", () => {
    fc.assert(
      fc.property(arbitraryState, arbitraryEvidence, (state, told) => {
        fc.pre(told.amount !== 100 || told.currency !== "BDT");
        const after = apply(payment({ state: state === "CAPTURED" ? "SENT" : state }), told);
        assert.notEqual(after.state, "CAPTURED");
      }),
    );
    const foreign = judgeEvidence(payment(), evidence({ paymentId: "payment-2" }));
    assert.deepEqual(foreign, { kind: "reject", discrepancy: "unknown_payment" });
  });

  it("tells a second charge from the repeat of the first", () => {
    const captured = payment({ state: "CAPTURED", providerReference: "charge-1" });
    assert.deepEqual(judgeEvidence(captured, evidence()), { kind: "repeat" });
    assert.deepEqual(judgeEvidence(captured, evidence({ providerReference: "charge-2" })), {
      kind: "reject",
      discrepancy: "second_charge",
    });
  });

  it("lets a capture that comes late outrank a failure", () => {
    assert.deepEqual(judgeEvidence(payment({ state: "FAILED" }), evidence()), {
      kind: "apply",
      state: "CAPTURED",
    });
  });

  it("finds it impossible that an unsent payment has an outcome", () => {
    const verdicts = (["NEW", "CLOSED"] as const).map((state) =>
      judgeEvidence(payment({ state }), evidence()),
    );
    assert.deepEqual(verdicts, [
      { kind: "reject", discrepancy: "not_sent" },
      { kind: "reject", discrepancy: "closed_before_sent" },
    ]);
  });
});
