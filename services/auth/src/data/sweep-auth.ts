import type pg from "pg";
import { FAILURE_WINDOW_SECONDS } from "../domain/lock-out.ts";

/** Rows a statement: short transactions, and at ten runs a minute far more than ever expire. */
const BATCH_ROWS = 1_000;

/**
 * Forgets what has no meaning any more: families past their end (their tokens go along) and failures whose window and
 * lock are over. Safe in any number of pods. Answers the number of rows.
 */
export const sweepAuth = async (pool: pg.Pool): Promise<number> => {
  const families = await pool.query(
    `DELETE FROM refresh_families WHERE id IN (
       SELECT id FROM refresh_families WHERE expires_at < now() LIMIT $1 FOR UPDATE SKIP LOCKED)`,
    [BATCH_ROWS],
  );
  const failures = await pool.query(
    `DELETE FROM login_failures WHERE (email, address) IN (
       SELECT email, address FROM login_failures
       WHERE first_at < now() - make_interval(secs => $2)
         AND (locked_until IS NULL OR locked_until < now())
       LIMIT $1 FOR UPDATE SKIP LOCKED)`,
    [BATCH_ROWS, FAILURE_WINDOW_SECONDS],
  );
  return (families.rowCount ?? 0) + (failures.rowCount ?? 0);
};
