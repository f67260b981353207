import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import type { Queryable } from "@jatra/common/database/queryable.ts";
import { createTestDatabase } from "@jatra/testing/test-database.ts";
import pg from "pg";
import type { Part } from "./part.ts";

const tables = ["a", "b", "c"] as const;
const POOL_SIZE = 8;
const text = "x".repeat(200);

/** Three inserts in a transaction: each waiting for the one before, as the driver has it by default, and sent together. */
export const transactionPart = async (): Promise<Part> => {
  const sql = tables.map((name) => `CREATE TABLE ${name} (id bigserial PRIMARY KEY, t text)`);
  const database = await createTestDatabase({ sql: sql.join(";"), poolSize: POOL_SIZE });
  const plain = new pg.Pool({ connectionString: database.url, max: POOL_SIZE });
  const insert = (to: Queryable, table: string): Promise<unknown> =>
    to.query({ name: `i-${table}`, text: `INSERT INTO ${table} (t) VALUES ($1)`, values: [text] });
  return {
    name: "a transaction of three statements: one after the other, together",
    count: 1_000,
    inFlight: 16,
    ways: {
      before: async () => {
        const client = await plain.connect();
        await client.query("BEGIN");
        for (const table of tables) await insert(client, table);
        await client.query("COMMIT");
        client.release();
      },
      after: () =>
        inTransaction(database.pool, (transaction) =>
          Promise.all(tables.map((table) => insert(transaction, table))),
        ),
    },
    stop: async () => {
      await plain.end();
      await database.drop();
    },
  };
};
