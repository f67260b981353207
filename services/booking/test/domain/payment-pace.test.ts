import assert from "node:assert/strict";
import { createPaymentPace } from "../../src/domain/payment-pace.ts";

const noted = (tookMs: readonly number[], method: "card" | "bkash" = "card") => {
  const pace = createPaymentPace();
  for (const ms of tookMs) pace.note(method, ms);
  return pace;
};
const times = (count: number, ms: number): number[] => Array.from({ length: count }, () => ms);

describe("the pace of payments", () => {
  it("sends clients to look after a second as long as it has seen none", () => {
    assert.equal(createPaymentPace().secondsUntilLook("card", 0), 1);
  });

  it("is what nine payments in ten take no longer than", () => {
    const mixed = Array.from({ length: 2_000 }, (_, index) => (index % 10 === 9 ? 9_000 : 2_500));
    const seconds = noted(mixed).secondsUntilLook("card", 0);
    assert.ok(seconds >= 3 && seconds <= 9, `${seconds} s`);
    assert.equal(noted(times(2_000, 2_500)).secondsUntilLook("card", 0), 3);
  });

  it("follows a provider that gets slow within a dozen payments, and one that recovers", () => {
    const pace = noted(times(12, 3_100));
    assert.equal(pace.secondsUntilLook("card", 0), 4);
    for (const ms of times(100, 200)) pace.note("card", ms);
    assert.equal(pace.secondsUntilLook("card", 0), 1);
  });

  it("counts from when the booking was made, and looks at a late one ever more rarely", () => {
    const pace = noted(times(50, 3_100));
    const seconds = [0, 1_500, 4_000, 6_000, 9_000].map((ms) => pace.secondsUntilLook("card", ms));
    assert.deepEqual(seconds, [4, 2, 2, 3, 5]);
  });

  it("never says less than a second or more than ten", () => {
    const slow = noted(times(1_000, 3_600_000));
    assert.equal(slow.secondsUntilLook("card", 0), 10);
    assert.equal(slow.secondsUntilLook("card", 3_600_000), 10);
    assert.equal(noted(times(1_000, 0)).secondsUntilLook("card", 1), 1);
  });

  it("knows each way to pay by itself", () => {
    const pace = noted(times(100, 8_000), "bkash");
    assert.equal(pace.secondsUntilLook("card", 0), 1);
    assert.ok(pace.secondsUntilLook("bkash", 0) >= 8);
  });
});
