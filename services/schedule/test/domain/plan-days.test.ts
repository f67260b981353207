import assert from "node:assert/strict";
import { missingJourneys, sellableDates } from "../../src/domain/plan-days.ts";
import { plan } from "./fixtures.ts";

/** 17:59 UTC is 23:59 in Dhaka, a minute later the next day has begun there. */
const lastMinute = new Date("2026-12-01T17:59:00Z");
const midnight = new Date("2026-12-01T18:00:00Z");
const ids = (journeys: readonly { readonly journeyId: string }[]): string[] =>
  journeys.map(({ journeyId }) => journeyId);

describe("keeping journeys ten days ahead", () => {
  it("counts days as Dhaka does", () => {
    assert.deepEqual(
      [sellableDates(lastMinute).at(0), sellableDates(lastMinute).at(-1)],
      ["2026-12-01", "2026-12-11"],
    );
    assert.deepEqual(
      [sellableDates(midnight).at(0), sellableDates(midnight).at(-1)],
      ["2026-12-02", "2026-12-12"],
    );
  });

  it("adds exactly one day at midnight", () => {
    const before = new Set(ids(missingJourneys([plan], new Set(), lastMinute)));
    assert.deepEqual(ids(missingJourneys([plan], before, midnight)), ["9-20261212"]);
  });

  it("finds nothing to do a second time", () => {
    const published = new Set(ids(missingJourneys([plan], new Set(), midnight)));
    assert.equal(published.size, 11);
    assert.deepEqual(missingJourneys([plan], published, midnight), []);
  });

  it("leaves out today's train once it has left", () => {
    const early = { ...plan, departureTime: "07:00" };
    const at = new Date("2026-12-01T01:00:00Z");
    assert.equal(ids(missingJourneys([early], new Set(), at)).at(0), "9-20261202");
    const before = new Date("2026-12-01T00:59:59Z");
    assert.equal(ids(missingJourneys([early], new Set(), before)).at(0), "9-20261201");
  });

  it("leaves out the weekday without the train", () => {
    // 2026-12-02 and 2026-12-09 are Wednesdays.
    const found = ids(missingJourneys([{ ...plan, daysOff: [3] }], new Set(), midnight));
    assert.equal(found.length, 9);
    assert.equal(found.includes("9-20261202") || found.includes("9-20261209"), false);
  });
});
