import type pg from "pg";
import type { Queryable } from "./queryable.ts";

/**
 * Runs `work` in one READ COMMITTED transaction and commits. An error of `work` rolls back and is thrown on. A connection
 * that can't even roll back is closed, not returned to the pool.
 */
export const inTransaction = async <T>(
  pool: pg.Pool,
  work: (transaction: Queryable) => Promise<T>,
): Promise<T> => {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("BEGIN");
    const result = await work(client);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    throw error;
  } finally {
    client.release(broken);
  }
};
