import assert from "node:assert/strict";
import { backoffMs } from "@jatra/common/messaging/backoff.ts";
import fc from "fast-check";

describe("backoff", () => {
  const limits = { firstMs: 200, maxMs: 5_000 };

  it("doubles up to its limit", () => {
    const most = [1, 2, 3, 4, 5, 6, 100].map((attempt) => backoffMs(attempt, limits, () => 1));
    assert.deepEqual(most, [200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
  });

  it("never waits less than half of that, nor more", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, random) => {
          const most = backoffMs(attempt, limits, () => 1);
          const pause = backoffMs(attempt, limits, () => random);
          assert.ok(pause >= most / 2 && pause <= most, `${pause} of ${most}`);
        },
      ),
    );
  });
});
