import assert from "node:assert/strict";
import { decidePaymentEnd } from "../../src/domain/decide-payment-end.ts";

const booking = (part: Partial<Parameters<typeof decidePaymentEnd>[0]> = {}) => ({
  status: "PAYMENT_PROCESSING" as const,
  paymentStatus: "PENDING" as const,
  cancelRequestedAt: null,
  ...part,
});

describe("decidePaymentEnd", () => {
  it("confirms a live booking on capture, also one whose worker never came", () => {
    const expected = { changeTo: "CONFIRMED", refund: false };
    assert.deepEqual(decidePaymentEnd(booking(), "captured"), expected);
    assert.deepEqual(
      decidePaymentEnd(booking({ status: "PAYMENT_PENDING" }), "captured"),
      expected,
    );
  });

  it("fails a live booking on failure", () => {
    const expected = { changeTo: "PAYMENT_FAILED", refund: false };
    assert.deepEqual(decidePaymentEnd(booking(), "failed"), expected);
  });

  it("gives back a capture that comes after the end", () => {
    const late = booking({ status: "PAYMENT_FAILED", paymentStatus: "FAILED" });
    assert.deepEqual(decidePaymentEnd(late, "captured"), { changeTo: undefined, refund: true });
  });

  it("cancels instead of confirming when its owner wished so meanwhile", () => {
    const wished = booking({ cancelRequestedAt: new Date() });
    assert.deepEqual(decidePaymentEnd(wished, "captured"), { changeTo: "CANCELLED", refund: true });
    assert.deepEqual(decidePaymentEnd(wished, "failed"), { changeTo: "CANCELLED", refund: false });
  });

  it("ignores a repeated capture, so that a cancellation without refund stays without", () => {
    const cancelled = booking({ status: "CANCELLED", paymentStatus: "CAPTURED" });
    assert.equal(decidePaymentEnd(cancelled, "captured"), undefined);
  });

  it("lets captured outrank failed", () => {
    const confirmed = booking({ status: "CONFIRMED", paymentStatus: "CAPTURED" });
    assert.equal(decidePaymentEnd(confirmed, "failed"), undefined);
    const failed = booking({ status: "PAYMENT_FAILED", paymentStatus: "FAILED" });
    assert.equal(decidePaymentEnd(failed, "failed"), undefined);
  });
});
