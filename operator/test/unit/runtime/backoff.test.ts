import assert from "node:assert/strict";
import { backoffMs } from "../../../src/runtime/backoff.ts";
import { TokenBucket } from "../../../src/runtime/token-bucket.ts";

describe("backoff", () => {
  it("doubles up to its cap", () => {
    const full = () => 1;
    const waits = [1, 2, 3, 4, 5, 100].map((failures) => backoffMs(failures, 100, 1000, full));
    assert.deepEqual(waits, [100, 200, 400, 800, 1000, 1000]);
  });

  it("takes at most a quarter off, so that many don't come back at once", () => {
    assert.equal(
      backoffMs(3, 100, 1000, () => 0),
      300,
    );
  });
});

describe("the token bucket", () => {
  it("lets a burst through and then one at a time", () => {
    let nowMs = 0;
    const bucket = new TokenBucket(10, 3, () => nowMs);
    assert.deepEqual(
      [1, 2, 3, 4, 5].map(() => Math.round(bucket.reserve())),
      [0, 0, 0, 100, 200],
    );
    nowMs = 10_000;
    assert.equal(bucket.reserve(), 0);
  });
});
