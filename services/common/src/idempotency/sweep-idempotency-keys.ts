import type pg from "pg";

/** Some ms of locks at a time. */
const BATCH_ROWS = 1_000;

/**
 * Deletes rows older than the keys' time to live; answers how many. They all belong to finished requests: a row is only ever
 * written in the transaction that finishes one. Safe with any number running.
 */
export const sweepIdempotencyKeys = async (dependencies: {
  readonly pool: pg.Pool;
  readonly ttlSeconds: number;
}): Promise<number> => {
  let deleted = 0;
  for (;;) {
    const { rowCount } = await dependencies.pool.query(
      `DELETE FROM idempotency_keys WHERE (user_id, operation, origin, key) IN (
         SELECT user_id, operation, origin, key FROM idempotency_keys
         WHERE created_at < now() - make_interval(secs => $1)
         LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [dependencies.ttlSeconds, BATCH_ROWS],
    );
    deleted += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCH_ROWS) return deleted;
  }
};
