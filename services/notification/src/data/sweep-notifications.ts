import type pg from "pg";

/** Half a year: journeys are long over, and refunds with them. */
const KEEP_DAYS = 180;
const BATCH_ROWS = 1_000;

/** Deletes old notifications with their deliveries; answers how many. Safe with any number running. */
export const sweepNotifications = async ({ pool }: { readonly pool: pg.Pool }): Promise<number> => {
  let deleted = 0;
  for (;;) {
    const { rowCount } = await pool.query(
      `DELETE FROM notifications WHERE id IN (
         SELECT id FROM notifications WHERE created_at < now() - make_interval(days => $1)
         LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [KEEP_DAYS, BATCH_ROWS],
    );
    deleted += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCH_ROWS) return deleted;
  }
};
