import { v7 as uuidV7 } from "uuid";
import { gathered } from "../database/gathered.ts";
import type { Queryable } from "../database/queryable.ts";
import { LEASE_SECONDS, type PendingMessage } from "./outbox-store.ts";

/** `routingKey` is also the message's type. `aggregateId`: what the message is about, for people who look. */
export type OutboxMessage = {
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: unknown;
  readonly requestId: string;
  readonly aggregateId?: string;
};

/**
 * Writes a message beside the change that it tells of, in the same transaction; answers its id. Ids are ordered by time, so
 * the primary key's index grows at one end. Any relay takes it at its next look.
 */
export const appendOutbox: (transaction: Queryable, message: OutboxMessage) => Promise<string> =
  gathered(async (transaction, messages) => {
    const rows = await append(transaction, messages, { leaseSeconds: 0, attempts: 0 });
    return rows.map(({ id }) => id);
  });

/**
 * The same for a message that this process publishes itself, as soon as the transaction has committed: it comes leased, as if a relay had
 * taken it, and is to be given to `OutboxRelay.send`. Should the process die in between, others take it when the lease ends.
 */
export const appendLeased: (
  transaction: Queryable,
  message: OutboxMessage,
) => Promise<PendingMessage> = gathered((transaction, messages) =>
  append(transaction, messages, { leaseSeconds: LEASE_SECONDS, attempts: 1 }),
);

const append = async (
  transaction: Queryable,
  messages: readonly OutboxMessage[],
  { leaseSeconds, attempts }: { readonly leaseSeconds: number; readonly attempts: number },
): Promise<PendingMessage[]> => {
  const rows = messages.map(({ exchange, routingKey, content, requestId }) => ({
    id: uuidV7(),
    exchange,
    routingKey,
    content: JSON.stringify(content),
    requestId,
    attempts,
  }));
  await transaction.query({
    name: "outbox-append",
    text: `INSERT INTO outbox (id, exchange, routing_key, content, request_id, aggregate_id,
             locked_until, attempts)
           SELECT message.*, now() + make_interval(secs => $7), $8
           FROM unnest($1::uuid[], $2::text[], $3::text[], $4::json[], $5::text[], $6::text[]) AS message`,
    values: [
      rows.map(({ id }) => id),
      rows.map(({ exchange }) => exchange),
      rows.map(({ routingKey }) => routingKey),
      rows.map(({ content }) => content),
      rows.map(({ requestId }) => requestId),
      messages.map(({ aggregateId }) => aggregateId ?? null),
      leaseSeconds,
      attempts,
    ],
  });
  return rows;
};
