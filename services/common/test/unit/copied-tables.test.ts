import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const read = (file: string): string => readFileSync(`${root}${file}`, "utf8");
const migrations = globSync("services/*/migrations/*.sql", { cwd: root }).toSorted();

/** Statements without comments, each on one line. */
const statementsOf = (sql: string): string[] =>
  sql
    .replaceAll(/--.*$/gm, "")
    .split(";")
    .map((statement) => statement.replaceAll(/\s+/g, " ").trim())
    .filter((statement) => statement !== "");

describe("tables that services copy from common", () => {
  for (const [table, source] of [
    ["outbox", "services/common/src/outbox/outbox.sql"],
    ["inbox", "services/common/src/outbox/inbox.sql"],
    ["idempotency_keys", "services/common/src/idempotency/idempotency.sql"],
  ] as const) {
    const copies = migrations.filter((file) => read(file).includes(`CREATE TABLE ${table} (`));

    it(`${table} is in several services`, () => assert.ok(copies.length > 1, copies.join()));

    for (const file of copies) {
      it(`${table} of ${file} is as common has it`, () => {
        const copied = new Set(statementsOf(read(file)));
        const missing = statementsOf(read(source)).filter((statement) => !copied.has(statement));
        assert.deepEqual(missing, []);
      });
    }
  }
});
