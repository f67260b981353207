import { firstOfEach } from "../database/first-of-each.ts";
import { gathered } from "../database/gathered.ts";
import { rowsOf } from "../database/rows-of.ts";
import type { Queryable } from "../database/queryable.ts";
import { createBatches } from "../service/create-batches.ts";
import type { IdempotentRequest } from "./idempotency-engine.ts";
import type { StoredReply } from "./stored-reply.ts";

/** Another run under the same key committed first; thrown inside the loser's transaction, so that it rolls back. */
export class IdempotencyConflict extends Error {
  override readonly name = "IdempotencyConflict";
}

export type FoundReply = StoredReply & { readonly ageSeconds: number };

const keyColumns = { user_id: "text", operation: "text", origin: "text", key: "text" };

/** Every request with a key looks once, before it runs: those that come at the same time look together. */
const LOOKS = { itemsMax: 64, runningMax: 2, crowdMs: 4 } as const;

/** The row of a request that has committed; it may be past its time and not yet swept. */
export type FindReply = (request: IdempotentRequest) => Promise<FoundReply | undefined>;

export const createFindReply = (database: Queryable): FindReply =>
  createBatches((requests: readonly IdempotentRequest[]) => findReplies(database, requests), LOOKS);

const findReplies = async (
  database: Queryable,
  requests: readonly IdempotentRequest[],
): Promise<(FoundReply | undefined)[]> => {
  const { rows } = await database.query<FoundReply & KeyRow>({
    name: "idempotency-find",
    text: `SELECT user_id AS "userId", operation AS "operationId", origin, key, fingerprint, status,
                  headers, body, extract(epoch FROM now() - created_at)::float8 AS "ageSeconds"
           FROM idempotency_keys
           JOIN ${rowsOf("asked", keyColumns)} USING (user_id, operation, origin, key)`,
    values: keysOf(requests),
  });
  const found = new Map(rows.map((row) => [nameOf(row), row]));
  return requests.map((request) => found.get(nameOf(request)));
};

const keysOf = (requests: readonly IdempotentRequest[]): string[][] => [
  requests.map(({ userId }) => userId),
  requests.map(({ operationId }) => operationId),
  requests.map(({ origin }) => origin),
  requests.map(({ key }) => key),
];

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
  const isFirst = await writeReply(transaction, { request, reply });
  if (!isFirst) throw new IdempotencyConflict("another run with this key was faster");
};

type Answered = { readonly request: IdempotentRequest; readonly reply: StoredReply };
type KeyRow = Pick<IdempotentRequest, "userId" | "operationId" | "origin" | "key">;

const writeReply: (transaction: Queryable, answered: Answered) => Promise<boolean> = gathered(
  async (transaction, answered) => {
    // Of two with the same key, the first is tried.
    const given = firstOfEach(answered, ({ request }) => nameOf(request));
    const { rows } = await transaction.query<KeyRow>({
      name: "idempotency-insert",
      text: `INSERT INTO idempotency_keys
               (user_id, operation, origin, key, fingerprint, status, headers, body)
             SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[],
               $6::smallint[], $7::jsonb[], $8::bytea[]) AS a (user_id, operation, origin, key)
             ORDER BY user_id, operation, origin, key ON CONFLICT DO NOTHING
             RETURNING user_id AS "userId", operation AS "operationId", origin, key`,
      values: [
        ...keysOf(given.map(({ request }) => request)),
        given.map(({ request }) => request.fingerprint),
        given.map(({ reply }) => reply.status),
        given.map(({ reply }) => JSON.stringify(reply.headers)),
        given.map(({ reply }) => reply.body),
      ],
    });
    const written = new Set(rows.map(nameOf));
    // Each row answers one of them.
    return answered.map(({ request }) => written.delete(nameOf(request)));
  },
);

const nameOf = ({ userId, operationId, origin, key }: KeyRow): string =>
  JSON.stringify([userId, operationId, origin, key]);
