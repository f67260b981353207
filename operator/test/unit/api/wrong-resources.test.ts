import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { WRONG_RESOURCES } from "../../support/wrong-resources.ts";

describe("the page on the operator", () => {
  it("lists every wrong resource with the words of its refusal", async () => {
    const page = await readFile(new URL("../../../../docs/operator.md", import.meta.url), "utf8");
    const rows = WRONG_RESOURCES.map(({ field, message }) => `| ${field} | ${message} |`);
    assert.deepEqual(
      [...new Set(rows)].filter((row) => !page.includes(row)),
      [],
    );
  });
});
