import assert from "node:assert/strict";
import { Problem } from "@jatra/common/http/problem.ts";
import { instantsOf, resolvePeriod } from "../../src/domain/report-period.ts";

describe("a report's period", () => {
  // 02:00 of the 23rd in Dhaka
  const now = new Date("2026-11-22T20:00:00Z");
  const refused = (error: unknown): boolean =>
    error instanceof Problem && error.code === "validation_failed";

  it("is by default the 30 days up to today, as Dhaka counts them", () => {
    assert.deepEqual(resolvePeriod({}, now), { from: "2026-10-25", to: "2026-11-23" });
  });

  it("runs from local midnight to the midnight after its last day", () => {
    assert.deepEqual(instantsOf({ from: "2026-11-20", to: "2026-11-20" }), {
      after: new Date("2026-11-19T18:00:00Z"),
      before: new Date("2026-11-20T18:00:00Z"),
    });
  });

  it("may be a leap year long and no longer", () => {
    const leapYear = { from: "2028-01-01", to: "2028-12-31" };
    assert.deepEqual(resolvePeriod(leapYear, now), leapYear);
    assert.throws(() => resolvePeriod({ from: "2027-12-31", to: "2028-12-31" }, now), refused);
  });

  it("is refused when turned round", () => {
    assert.throws(() => resolvePeriod({ from: "2026-11-24", to: "2026-11-23" }, now), refused);
    assert.throws(() => resolvePeriod({ from: "2026-11-24" }, now), refused);
  });
});
