import type pg from "pg";

/** Long enough to look into what happened today, short enough to keep the table small at 100 bookings a second. */
const KEEP_HOURS = 6;
/** Some ms of locks at a time. */
const BATCH_ROWS = 1_000;

/** Deletes what was published hours ago; answers how many rows. Safe with any number running. */
export const sweepOutbox = async ({ pool }: { readonly pool: pg.Pool }): Promise<number> => {
  let deleted = 0;
  for (;;) {
    const { rowCount } = await pool.query(
      `DELETE FROM outbox WHERE id IN (
         SELECT id FROM outbox WHERE published_at < now() - make_interval(hours => $1)
         LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [KEEP_HOURS, BATCH_ROWS],
    );
    deleted += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCH_ROWS) return deleted;
  }
};
