import type { Queryable } from "../database/queryable.ts";

/** Above the publisher's own 10 s, so that a row is never taken again while its confirm may still come. */
export const LEASE_SECONDS = 15;

export type PendingMessage = {
  readonly id: string;
  readonly exchange: string;
  readonly routingKey: string;
  /** JSON as it was written down. */
  readonly content: string;
  readonly requestId: string;
  readonly attempts: number;
};

/**
 * Takes up to `limit` pending rows for `leaseSeconds`. The lease is a column and not an open transaction: a transaction held
 * while the broker confirms (up to 10 s) would pin one of the few server connections behind PgBouncer and hold back
 * vacuum. The price is one more UPDATE a row, and that the rows of a pod that dies wait for the lease's end.
 */
export const leasePending = async (
  database: Queryable,
  limit: number,
  leaseSeconds: number,
): Promise<PendingMessage[]> => {
  const { rows } = await database.query<PendingMessage>({
    name: "outbox-lease",
    text: `WITH due AS MATERIALIZED (
             SELECT id FROM outbox WHERE published_at IS NULL AND locked_until <= now()
             ORDER BY locked_until, id LIMIT $1 FOR UPDATE SKIP LOCKED)
           UPDATE outbox SET locked_until = now() + make_interval(secs => $2), attempts = attempts + 1
           FROM due WHERE outbox.id = due.id
           RETURNING outbox.id, exchange, routing_key AS "routingKey", content::text,
                     request_id AS "requestId", attempts`,
    values: [limit, leaseSeconds],
  });
  return rows;
};

/** Once per row: a late confirm of a row that was published again meanwhile changes nothing. Answers how many. */
export const markPublished = async (
  database: Queryable,
  ids: readonly string[],
): Promise<number> => {
  const { rowCount } = await database.query({
    name: "outbox-published",
    text: `UPDATE outbox SET published_at = now() WHERE id = ANY($1::uuid[]) AND published_at IS NULL`,
    values: [[...ids].sort()],
  });
  return rowCount ?? 0;
};

/** Gives failed rows back, each after its own pause in seconds. */
export const postpone = async (
  database: Queryable,
  rows: readonly { readonly id: string; readonly pauseSeconds: number }[],
): Promise<void> => {
  await database.query({
    name: "outbox-postpone",
    text: `UPDATE outbox SET locked_until = now() + make_interval(secs => failed.pause)
           FROM unnest($1::uuid[], $2::float8[]) AS failed (id, pause)
           WHERE outbox.id = failed.id AND published_at IS NULL`,
    values: [rows.map((row) => row.id), rows.map((row) => row.pauseSeconds)],
  });
};

/** What waits, and for how long the oldest has. */
export const readBacklog = async (
  database: Queryable,
): Promise<{ pending: number; oldestSeconds: number }> => {
  const { rows } = await database.query<{ pending: number; oldestSeconds: number }>({
    name: "outbox-backlog",
    text: `SELECT count(*) AS pending,
                  coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS "oldestSeconds"
           FROM outbox WHERE published_at IS NULL`,
  });
  return rows[0] ?? { pending: 0, oldestSeconds: 0 };
};
