import assert from "node:assert/strict";
import { restAfter } from "../../src/service/rest-after.ts";

describe("the rest between two runs", () => {
  const share = { max: 0.05, restMaxMs: 4_000 };

  it("is always the same where no share was set", () => {
    assert.deepEqual(
      [0, 10, 10_000].map((ms) => restAfter(ms, 500, undefined)),
      [500, 500, 500],
    );
  });

  it("grows with the run that was, so that the work keeps to its share", () => {
    assert.equal(restAfter(10, 500, share), 500);
    assert.equal(Math.round(restAfter(100, 500, share)), 1_900);
  });

  it("is never longer than what was promised to those who wait for the work", () => {
    assert.equal(restAfter(10_000, 500, share), 4_000);
  });
});
