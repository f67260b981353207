import type pg from "pg";

/** A dead-lettered message may be requeued by a person days later and must still be known. */
const KEEP_DAYS = 7;
const BATCH_ROWS = 1_000;

/** Deletes what was received days ago; answers how many rows. Safe with any number running. */
export const sweepInbox = async ({ pool }: { readonly pool: pg.Pool }): Promise<number> => {
  let deleted = 0;
  for (;;) {
    const { rowCount } = await pool.query(
      `DELETE FROM inbox WHERE (queue, message_id) IN (
         SELECT queue, message_id FROM inbox WHERE received_at < now() - make_interval(days => $1)
         LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [KEEP_DAYS, BATCH_ROWS],
    );
    deleted += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCH_ROWS) return deleted;
  }
};
