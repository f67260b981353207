import assert from "node:assert/strict";
import { countTests } from "../../ci/count-tests.ts";

describe("counting tests from a part's output", () => {
  it("reads mocha's closing lines", () => {
    const output = "\n  12 passing (3s)\n  1 pending\n  2 failing\n";
    assert.deepEqual(countTests(output, 2), { passed: 12, failed: 2 });
  });

  it("counts a part without tests by its exit code", () => {
    assert.deepEqual(countTests("all good", 0), { passed: 1, failed: 0 });
    assert.deepEqual(countTests("3 errors", 1), { passed: 0, failed: 1 });
  });

  it("never calls a run that exited with an error green", () => {
    assert.deepEqual(countTests("  5 passing (1s)\n", 7), { passed: 5, failed: 1 });
  });
});
