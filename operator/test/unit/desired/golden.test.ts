import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { goldenTexts } from "../../golden/golden-texts.ts";

describe("all manifests", () => {
  for (const [name, text] of goldenTexts()) {
    it(`are as reviewed in operator/test/golden/${name}`, async () => {
      const file = new URL(`../../golden/${name}`, import.meta.url);
      assert.equal(text, await readFile(file, "utf8"), "run operator/test/golden/write-golden.ts");
    });
  }
});
