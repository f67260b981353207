import type pg from "pg";
import { deleteInBatches } from "../database/delete-in-batches.ts";

/**
 * Deletes rows older than the keys' time to live; answers how many. They all belong to finished requests: a row is only ever
 * written in the transaction that finishes one. Safe with any number running.
 */
export const sweepIdempotencyKeys = (dependencies: {
  readonly pool: pg.Pool;
  readonly ttlSeconds: number;
}): Promise<number> =>
  deleteInBatches(
    dependencies.pool,
    `DELETE FROM idempotency_keys WHERE (user_id, operation, origin, key) IN (
       SELECT user_id, operation, origin, key FROM idempotency_keys
       WHERE created_at < now() - make_interval(secs => $2)
       LIMIT $1 FOR UPDATE SKIP LOCKED)`,
    dependencies.ttlSeconds,
  );
