import assert from "node:assert/strict";
import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import { rowsOf } from "@jatra/common/database/rows-of.ts";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";

describe("rows that come as arrays", () => {
  let database: TestDatabase;
  before(async () => {
    // As wide as tables are: the planner expects few rows in its first pages.
    const texts = ["a", "b", "c", "d", "e", "f"].map((name) => `${name} text`).join(", ");
    const sql = `CREATE TABLE notes (id uuid PRIMARY KEY, n int, ${texts})`;
    database = await createTestDatabase({ sql });
  });
  after(async () => database.drop());

  /** The plan that is kept for a prepared statement, in a table that was never analysed. */
  const planOf = (from: string): Promise<string> =>
    inTransaction(database.pool, async (transaction) => {
      await transaction.query("SET LOCAL plan_cache_mode = force_generic_plan");
      await transaction.query(
        `PREPARE changing (uuid[], int[]) AS
         UPDATE notes SET n = change.n FROM ${from} WHERE notes.id = change.id`,
      );
      const { rows } = await transaction.query<Record<string, string>>(
        "EXPLAIN EXECUTE changing ('{}', '{}')",
      );
      await transaction.query("DEALLOCATE changing");
      return rows.flatMap((row) => Object.values(row)).join("\n");
    });

  it("are looked up by the primary key from the table's first row on", async () => {
    const plan = await planOf(rowsOf("change", { id: "uuid", n: "int" }));
    assert.match(plan, /Index Scan using notes_pkey/);
    // What it is there for: the same arrays without it.
    const plain = await planOf("unnest($1::uuid[], $2::int[]) AS change (id, n)");
    assert.match(plain, /Seq Scan on notes/);
  });

  it("are all there, in their order", async () => {
    const { rows } = await database.pool.query(
      `SELECT * FROM ${rowsOf("given", { n: "int", word: "text" })}`,
      [
        [3, 1, 2, null],
        ["three", null, "two", "none"],
      ],
    );
    assert.deepEqual(rows, [
      { n: 3, word: "three" },
      { n: 1, word: null },
      { n: 2, word: "two" },
      { n: null, word: "none" },
    ]);
  });
});
