import assert from "node:assert/strict";
import { failureWords } from "../../ci/failure-words.ts";

describe("what a failing part says again at the end of a run", () => {
  it("is mocha's list of failures, without the tests that passed", () => {
    const output =
      "    ✔ counts\n\n  12 passing (3s)\n  1 failing\n\n  1) a lock\n       is freed:\n     Error: held\n\n";
    const words = failureWords(output);
    assert.match(words, /^ {2}1 failing\n\n {2}1\) a lock\n {7}is freed:\n {5}Error: held$/);
  });

  it("is the last lines of a part that has no such list", () => {
    const output = Array.from({ length: 60 }, (_, line) => `line ${line}`).join("\n");
    assert.match(failureWords(output), /^line 20\n[^]*line 59$/);
    assert.match(
      failureWords(`${output}\n`, "not up to date\n"),
      /^line 21\n[^]*line 59\nnot up to date$/,
    );
  });

  it("has a limit, and says how much it leaves out", () => {
    const words = failureWords(`  9 failing\n${"x".repeat(9_000)}`);
    assert.match(words, /… and 1012 more characters above$/);
    assert.ok(words.length < 8_100);
  });
});
