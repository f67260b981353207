import pg from "pg";
import { eventually } from "./eventually.ts";
import type { TestDatabase } from "./test-database.ts";

/** As long as a busy machine may take to bring them there. */
const WAITING_WITHIN_MS = 10_000;

/**
 * Begins `act` while a transaction of its own holds what `lock` locks, and lets go once `waiting` sessions of this database wait for a
 * lock: what a race needs luck for, two that are between their look and their change at one time, happens each time.
 */
export const whileLocked = async <T>(
  { directUrl }: TestDatabase,
  lock: { readonly text: string; readonly values: readonly unknown[] },
  waiting: number,
  act: () => Promise<T>,
): Promise<T> => {
  const client = new pg.Client({ connectionString: directUrl });
  await client.connect();
  try {
    await client.query("BEGIN");
    await client.query(lock.text, [...lock.values]);
    const acting = act();
    // Waited for below; until then it isn't nobody's error.
    acting.catch(() => undefined);
    await eventually(async () => (await countWaiting(client)) >= waiting, WAITING_WITHIN_MS);
    await client.query("COMMIT");
    return await acting;
  } finally {
    await client.end();
  }
};

const countWaiting = async (client: pg.Client): Promise<number> => {
  // Within a transaction, the first look at the sessions would be every look.
  await client.query("SELECT pg_stat_clear_snapshot()");
  const { rows } = await client.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rows[0]?.n ?? 0;
};
