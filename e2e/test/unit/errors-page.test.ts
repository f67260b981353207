import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { problems } from "@jatra/contracts/problems.ts";

/** Rows of docs/errors.md: | `code` | status | title | what to do | */
const documented = (): Record<string, { status: number; title: string }> => {
  const page = readFileSync(new URL("../../../docs/errors.md", import.meta.url), "utf8");
  const rows = page.matchAll(/^\| `([a-z_]+)` \| (\d{3}) \| ([^|]+?) \| [^|]{10,} \|$/gm);
  return Object.fromEntries(
    [...rows].map(([, code, status, title]) => [code, { status: Number(status), title }]),
  );
};

describe("the page of errors", () => {
  it("lists every code of the catalogue with its status and title, and no other", () => {
    assert.deepEqual(documented(), { ...problems });
  });
});
