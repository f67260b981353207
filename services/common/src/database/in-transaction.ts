import type pg from "pg";
import type { Queryable } from "./queryable.ts";

/**
 * Runs `work` in one READ COMMITTED transaction and commits. An error of `work` rolls back and is thrown on. A connection
 * that can't even roll back is closed, not returned to the pool.
 *
 * BEGIN leaves together with the first statement of `work`, whose answer shows that it arrived; and so do statements that
 * `work` starts together (`Promise.all`): the server takes them in this order, and after an error refuses the rest. `work`
 * may fail while others that it started are still under way (`Promise.all`): what they would send after the end is refused, since
 * on this connection it would commit by itself.
 */
export const inTransaction = async <T>(
  pool: pg.Pool,
  work: (transaction: Queryable) => Promise<T>,
): Promise<T> => {
  const client = await pool.connect();
  const { transaction, end } = endable(client);
  let broken: Error | undefined;
  try {
    const begun = client.query("BEGIN");
    // Waited for below: work that fails first must not leave it as nobody's error.
    begun.catch(() => undefined);
    const result = await work(transaction);
    await begun;
    end();
    await client.query("COMMIT");
    return result;
  } catch (error) {
    end();
    await client.query("ROLLBACK").catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    throw error;
  } finally {
    client.release(broken);
  }
};

/** The client as long as its transaction lasts. */
const endable = (client: Queryable) => {
  let isEnded = false;
  const transaction: Queryable = {
    query: (statement, values) =>
      isEnded
        ? Promise.reject(new Error("a statement was sent after the end of its transaction"))
        : client.query(statement, values),
  };
  return {
    transaction,
    end: () => {
      isEnded = true;
    },
  };
};
