import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { repository } from "../../cluster/folders.ts";
import { contractions } from "../../migrations/contractions.ts";

const files = globSync("services/*/migrations/*.sql", { cwd: repository }).toSorted();
/** A first migration has no image before it. */
const later = files.filter((file) => !basename(file).startsWith("000001_"));

describe("migrations leave the image before them working", () => {
  it("are found", () => {
    assert.ok(files.length >= 12, files.join());
    assert.ok(later.length >= 1);
  });

  for (const file of later) {
    it(file, () => {
      assert.deepEqual(contractions(readFileSync(join(repository, file), "utf8")), []);
    });
  }

  for (const [sql, found] of [
    ["ALTER TABLE a DROP COLUMN b;", ["drops a column"]],
    ["drop table a;", ["drops a table, view or type"]],
    ["ALTER TABLE a RENAME COLUMN b TO c;", ["renames"]],
    ["ALTER TABLE a ALTER COLUMN b TYPE bigint;", ["changes a column's type"]],
    ["ALTER TABLE a ALTER COLUMN b SET NOT NULL;", ["forbids null"]],
    ["ALTER TABLE a ADD COLUMN b text NOT NULL;", ["adds a column that old code doesn't fill"]],
    ["TRUNCATE a;", ["empties a table"]],
  ] as const) {
    it(`would be heard of: ${sql}`, () => assert.deepEqual(contractions(sql), found));
  }

  for (const sql of [
    "CREATE TABLE a (b text NOT NULL);",
    "ALTER TABLE a ADD COLUMN b text;",
    "ALTER TABLE a ADD COLUMN b text NOT NULL DEFAULT '';",
    "CREATE TRIGGER t BEFORE UPDATE OR DELETE OR TRUNCATE ON a EXECUTE FUNCTION f();",
    "-- we never drop table a",
    "-- contract: nothing reads b since 1.4\nALTER TABLE a DROP COLUMN b;",
  ]) {
    it(`may be: ${sql.replaceAll("\n", " ")}`, () => assert.deepEqual(contractions(sql), []));
  }
});
