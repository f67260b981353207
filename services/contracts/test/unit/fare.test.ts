import assert from "node:assert/strict";
import fc from "fast-check";
import { fareAmount } from "../../src/fare.ts";
import type { Journey } from "../../src/messages/journey-published.ts";

const fare: Journey["fare"] = {
  fareVersionId: "2026-1",
  currency: "BDT",
  rates: [
    { class: "SNIGDHA", perKm: 250.5, minimum: 10_000 },
    { class: "SHOVAN", perKm: 60, minimum: 3_500 },
  ],
};

describe("the fare of one passenger", () => {
  it("is distance times rate, rounded up to whole taka", () => {
    assert.equal(fareAmount(fare, "SNIGDHA", 320.5), 80_300); // 320.5 × 250.5 = 80,285.25 poisha
  });

  it("is never below the class's minimum", () => {
    assert.equal(fareAmount(fare, "SHOVAN", 3), 3_500);
  });

  it("is unknown for a class without a rate, not free", () => {
    assert.equal(fareAmount(fare, "AC_BERTH", 100), undefined);
  });

  it("never falls with distance, and is always whole taka above the minimum", () => {
    const distance = fc.integer({ min: 0, max: 1_000 });
    fc.assert(
      fc.property(distance, distance, (a, b) => {
        const [near, far] = [Math.min(a, b), Math.max(a, b)].map(
          (km) => fareAmount(fare, "SNIGDHA", km) ?? -1,
        );
        assert.ok(near !== undefined && far !== undefined && near <= far);
        assert.equal(far % 100, 0);
      }),
    );
  });
});
