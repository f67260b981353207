import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { repository } from "../../cluster/folders.ts";
import { staleReferences } from "../../documents/stale-references.ts";

const read = (file: string): string => readFileSync(join(repository, file), "utf8");
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read("package.json")));

/** Made by a run, and in no clone. */
const MADE = new Set(["e2e/bench/results/latest.json"]);
const ours = {
  exists: (path: string) => MADE.has(path) || globSync(path, { cwd: repository }).length > 0,
  scripts: new Set(Object.keys(scripts)),
};
const pages = globSync("{*,docs/**/*,operator/*,services/*/*,e2e/**/*}.md", {
  cwd: repository,
  exclude: (name) => name === "node_modules",
}).toSorted();

describe("what the documents name is there", () => {
  it("in many pages", () => assert.ok(pages.length > 30, pages.join()));

  for (const page of pages) {
    it(page, () => assert.deepEqual(staleReferences(page, read(page), ours), []));
  }

  const none = { exists: () => false, scripts: new Set<string>() };
  for (const [text, stale] of [
    ["see [the runbook](runbook.md) and [a site](https://example.com)", ["runbook.md"]],
    ["`npm run bench -- B2`", ["npm run bench"]],
    ["run `node e2e/images/stores.ts up`", ["e2e/images/stores.ts"]],
    ["`services/booking/test/domain/gone.test.ts`.", ["services/booking/test/domain/gone.test.ts"]],
    ["as in `services/<name>/src` or `services/contracts/src/http/<service>.ts`", []],
    ["a seat's docs and services", []],
  ] as const) {
    it(`would be heard of: ${text}`, () =>
      assert.deepEqual(staleReferences("docs/page.md", text, none), stale));
  }
});
