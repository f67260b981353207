import assert from "node:assert/strict";
import fc from "fast-check";
import { refundAmountOf } from "../../src/domain/refund-rule.ts";

const departsAt = new Date("2026-12-10T12:00:00.000Z");
const hoursBefore = (hours: number): Date => new Date(departsAt.getTime() - hours * 3_600_000);

describe("refundAmountOf", () => {
  it("gives back by the hours before departure, the limits included", () => {
    const percent = [72, 48, 47.9, 24, 23.9, 12, 11.9, 6, 5.9, 0.1].map((hours) =>
      refundAmountOf(10_000, departsAt, hoursBefore(hours)),
    );
    assert.deepEqual(percent, [10_000, 10_000, 7_500, 7_500, 5_000, 5_000, 2_500, 2_500, 0, 0]);
  });

  it("knows no refund once the train has left", () => {
    assert.equal(refundAmountOf(10_000, departsAt, departsAt), undefined);
    assert.equal(refundAmountOf(10_000, departsAt, hoursBefore(-1)), undefined);
  });

  it("rounds down to whole poisha, and never gives more for a later wish", () => {
    assert.equal(refundAmountOf(99, departsAt, hoursBefore(30)), 74);
    const hours = fc.double({ min: 0.01, max: 200, noNaN: true });
    fc.assert(
      fc.property(fc.nat(1_000_000_000), hours, hours, (amount, one, other) => {
        const early = refundAmountOf(amount, departsAt, hoursBefore(Math.max(one, other))) ?? 0;
        const late = refundAmountOf(amount, departsAt, hoursBefore(Math.min(one, other))) ?? 0;
        assert.ok(Number.isInteger(early) && late <= early && early <= amount);
      }),
    );
  });
});
