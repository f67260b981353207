import type pg from "pg";
import type { Redis } from "../redis/client.ts";
import type { IdempotentRequest } from "./idempotency-engine.ts";
import { readCache } from "./reply-cache.ts";
import type { StoredReply } from "./stored-reply.ts";

/** What a look reads: some ms for both stores. */
const LOOK_MAX = 200;
/** Older ones were looked at before. */
const LOOK_BACK_SECONDS = 120;

type KeptReply = StoredReply & Omit<IdempotentRequest, "fingerprint">;

/**
 * I6 from the inside: of the latest answers under a key, those that the cache would tell otherwise than the row (status, bytes, or
 * another request's fingerprint). A key that has left the cache says nothing.
 */
export const countUnlikeReplies = async (stores: {
  readonly pool: pg.Pool;
  readonly redis: Redis;
}): Promise<number> => {
  const { rows } = await stores.pool.query<KeptReply>(
    `SELECT user_id AS "userId", operation AS "operationId", origin, key, fingerprint, status,
       headers, body
     FROM idempotency_keys WHERE created_at > now() - make_interval(secs => $1)
     ORDER BY created_at DESC LIMIT $2`,
    [LOOK_BACK_SECONDS, LOOK_MAX],
  );
  const cached = await Promise.all(rows.map((row) => readCache(stores.redis, row)));
  return rows.filter((row, index) => isUnlike(row, cached[index])).length;
};

const isUnlike = (row: StoredReply, cached: StoredReply | undefined): boolean =>
  cached !== undefined &&
  (cached.status !== row.status ||
    cached.fingerprint !== row.fingerprint ||
    cached.body?.toString() !== row.body?.toString());
