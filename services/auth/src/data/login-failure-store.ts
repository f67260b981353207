import type pg from "pg";
import {
  FAILURE_WINDOW_SECONDS,
  FAILURES_MAX,
  LOCK_SECONDS,
  type LoginFailures,
} from "../domain/lock-out.ts";

/** Table `login_failures`: one atomic statement a step, so any number of pods count together. */
export const createLoginFailureStore = (pool: pg.Pool): LoginFailures => ({
  lockedForSeconds: async (email, address) => {
    const { rows } = await pool.query<{ seconds: number }>({
      name: "login-lock",
      text: `SELECT ceil(extract(epoch FROM locked_until - now()))::integer AS seconds
             FROM login_failures
             WHERE email = $1 AND address = $2 AND locked_until > now()`,
      values: [email, address],
    });
    return rows[0]?.seconds ?? 0;
  },

  record: async (email, address) => {
    const { rows } = await pool.query<{ failures: number; seconds: number }>({
      name: "login-failure",
      text: recordFailure,
      values: [email, address, FAILURES_MAX, FAILURE_WINDOW_SECONDS, LOCK_SECONDS],
    });
    return { failures: rows[0]?.failures ?? 1, lockedForSeconds: rows[0]?.seconds ?? 0 };
  },

  forget: async (email, address) => {
    await pool.query({
      name: "login-forget",
      text: `DELETE FROM login_failures
             WHERE email = $1 AND address = $2 AND (locked_until IS NULL OR locked_until <= now())`,
      values: [email, address],
    });
  },
});

/** Whether the row speaks of an earlier attack: its lock has run out, or its window without ever locking. */
const isOver = `(CASE WHEN f.locked_until IS NULL
  THEN f.first_at < now() - make_interval(secs => $4) ELSE f.locked_until <= now() END)`;

/**
 * Counts on, or anew when the window is over or an earlier lock has run out. A running lock isn't prolonged by more
 * failures: an attacker could otherwise keep the owner (behind the same address) out for ever.
 */
const recordFailure = `
  INSERT INTO login_failures AS f (email, address, failures, first_at)
  VALUES ($1, $2, 1, now())
  ON CONFLICT (email, address) DO UPDATE SET
    failures = CASE WHEN ${isOver} THEN 1 ELSE f.failures + 1 END,
    first_at = CASE WHEN ${isOver} THEN now() ELSE f.first_at END,
    locked_until = CASE
      WHEN ${isOver} THEN NULL
      WHEN f.locked_until IS NULL AND f.failures + 1 >= $3 THEN now() + make_interval(secs => $5)
      ELSE f.locked_until
    END
  RETURNING failures,
            coalesce(ceil(extract(epoch FROM locked_until - now()))::integer, 0) AS seconds`;
