import type { Queryable } from "../database/queryable.ts";
import type { IdempotentRequest } from "./idempotency-engine.ts";
import type { StoredReply } from "./stored-reply.ts";

/** Another run under the same key committed first; thrown inside the loser's transaction, so that it rolls back. */
export class IdempotencyConflict extends Error {
  override readonly name = "IdempotencyConflict";
}

export type FoundReply = StoredReply & { readonly ageSeconds: number };

/** The row of a request that has committed; it may be past its time and not yet swept. */
export const findReply = async (
  database: Queryable,
  request: IdempotentRequest,
): Promise<FoundReply | undefined> => {
  const { rows } = await database.query<FoundReply>({
    name: "idempotency-find",
    text: `SELECT fingerprint, status, headers, body,
                  extract(epoch FROM now() - created_at)::float8 AS "ageSeconds"
           FROM idempotency_keys
           WHERE user_id = $1 AND operation = $2 AND origin = $3 AND key = $4`,
    values: [request.userId, request.operationId, request.origin, request.key],
  });
  return rows[0];
};

/** Makes room for a new run under a key whose time is over. */
export const forgetExpired = async (
  database: Queryable,
  request: IdempotentRequest,
  ttlSeconds: number,
): Promise<void> => {
  await database.query(
    `DELETE FROM idempotency_keys
     WHERE user_id = $1 AND operation = $2 AND origin = $3 AND key = $4
       AND created_at <= now() - make_interval(secs => $5)`,
    [request.userId, request.operationId, request.origin, request.key, ttlSeconds],
  );
};

/**
 * Writes the row. While another transaction has inserted the same key, this waits for its end; if it committed, throws
 * `IdempotencyConflict`.
 */
export const insertReply = async (
  transaction: Queryable,
  request: IdempotentRequest,
  reply: StoredReply,
): Promise<void> => {
  const { rowCount } = await transaction.query({
    name: "idempotency-insert",
    text: `INSERT INTO idempotency_keys
             (user_id, operation, origin, key, fingerprint, status, headers, body)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
    values: [
      request.userId,
      request.operationId,
      request.origin,
      request.key,
      reply.fingerprint,
      reply.status,
      JSON.stringify(reply.headers),
      reply.body,
    ],
  });
  if (rowCount !== 1) throw new IdempotencyConflict("another run with this key was faster");
};
