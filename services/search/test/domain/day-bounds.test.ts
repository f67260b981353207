import assert from "node:assert/strict";
import { dhakaDateOf } from "@jatra/contracts/dhaka-time.ts";
import { dayBounds } from "../../src/domain/day-bounds.ts";

describe("a day of travel", () => {
  it("begins and ends at midnight in Dhaka", () => {
    assert.deepEqual(dayBounds("2026-12-31"), {
      from: new Date("2026-12-30T18:00:00Z"),
      before: new Date("2026-12-31T18:00:00Z"),
    });
  });

  it("meets the next one without gap or overlap, also over leap days", () => {
    assert.deepEqual(dayBounds("2028-02-28").before, dayBounds("2028-02-29").from);
    assert.deepEqual(dayBounds("2028-02-29").before, dayBounds("2028-03-01").from);
  });

  it("agrees with the day that schedule-service counts by", () => {
    const { from, before } = dayBounds("2026-12-01");
    assert.equal(dhakaDateOf(from), "2026-12-01");
    assert.equal(dhakaDateOf(new Date(before.getTime() - 1)), "2026-12-01");
    assert.equal(dhakaDateOf(before), "2026-12-02");
  });
});
