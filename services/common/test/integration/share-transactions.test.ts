import assert from "node:assert/strict";
import { gathered } from "@jatra/common/database/gathered.ts";
import type { Queryable } from "@jatra/common/database/queryable.ts";
import { shareTransactions } from "@jatra/common/database/share-transactions.ts";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";

describe("works that share a transaction", () => {
  let database: TestDatabase;
  before(async () => {
    database = await createTestDatabase({
      sql: "CREATE TABLE notes (n integer PRIMARY KEY, written_by xid8 DEFAULT pg_current_xact_id())",
    });
  });
  beforeEach(async () => void (await database.pool.query("TRUNCATE notes")));
  after(async () => database.drop());

  const statements: (readonly number[])[] = [];
  /** False for what was there before. */
  const write: (transaction: Queryable, n: number) => Promise<boolean> = gathered(
    async (transaction, numbers) => {
      statements.push(numbers);
      const { rows } = await transaction.query<{ n: number }>(
        "INSERT INTO notes (n) SELECT unnest($1::int[]) ON CONFLICT DO NOTHING RETURNING n",
        [numbers],
      );
      const written = new Set(rows.map(({ n }) => n));
      return numbers.map((n) => written.delete(n));
    },
  );
  const share = () => shareTransactions(database.pool, { itemsMax: 10, runningMax: 1 });
  const written = async (): Promise<{ n: number; by: string }[]> => {
    const { rows } = await database.pool.query<{ n: number; by: string }>(
      `SELECT n, written_by::text AS by FROM notes ORDER BY n`,
    );
    return rows;
  };
  const transactionsOf = (rows: readonly { by: string }[]): number =>
    new Set(rows.map(({ by }) => by)).size;

  it("commits them together, and what they ask in step is one statement", async () => {
    statements.length = 0;
    const inSharedTransaction = share();
    const results = await Promise.all(
      [1, 2, 3].map((n) =>
        inSharedTransaction(async (transaction) => {
          const first = await write(transaction, n);
          const second = await write(transaction, n + 10);
          return { n, first, second };
        }),
      ),
    );
    assert.deepEqual(
      results,
      [1, 2, 3].map((n) => ({ n, first: true, second: true })),
    );
    assert.deepEqual(statements, [
      [1, 2, 3],
      [11, 12, 13],
    ]);
    const rows = await written();
    assert.deepEqual(
      rows.map(({ n }) => n),
      [1, 2, 3, 11, 12, 13],
    );
    assert.equal(transactionsOf(rows), 1);
  });

  it("takes all of it back where one fails, and runs each again by itself", async () => {
    const inSharedTransaction = share();
    const ends = await Promise.allSettled(
      [1, 2, 3].map((n) =>
        inSharedTransaction(async (transaction) => {
          await write(transaction, n);
          if (n === 2) throw new Error("not this one");
          return n;
        }),
      ),
    );
    assert.deepEqual(
      ends.map((end) => (end.status === "fulfilled" ? end.value : String(end.reason))),
      [1, "Error: not this one", 3],
    );
    const rows = await written();
    assert.deepEqual(
      rows.map(({ n }) => n),
      [1, 3],
    );
    assert.equal(transactionsOf(rows), 2);
  });

  it("leaves none of them with a statement that PostgreSQL refused", async () => {
    const inSharedTransaction = share();
    const ends = await Promise.allSettled(
      [1, 0, 3].map((n) =>
        inSharedTransaction(async (transaction) => {
          await write(transaction, n);
          await transaction.query(`SELECT 1 / ${n}`);
        }),
      ),
    );
    assert.deepEqual(
      ends.map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled"],
    );
    assert.deepEqual(
      (await written()).map(({ n }) => n),
      [1, 3],
    );
  });

  it("answers one of two who write the same", async () => {
    const inSharedTransaction = share();
    const first = await Promise.all([1, 1].map((n) => inSharedTransaction((tx) => write(tx, n))));
    assert.deepEqual(first, [true, false]);
  });
});
