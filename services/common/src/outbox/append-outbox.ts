import { v7 as uuidV7 } from "uuid";
import { gathered } from "../database/gathered.ts";
import type { Queryable } from "../database/queryable.ts";

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
 * the primary key's index grows at one end.
 */
export const appendOutbox: (transaction: Queryable, message: OutboxMessage) => Promise<string> =
  gathered(async (transaction, messages) => {
    const ids = messages.map(() => uuidV7());
    await transaction.query({
      name: "outbox-append",
      text: `INSERT INTO outbox (id, exchange, routing_key, content, request_id, aggregate_id)
             SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::json[], $5::text[], $6::text[])`,
      values: [
        ids,
        messages.map((message) => message.exchange),
        messages.map((message) => message.routingKey),
        messages.map((message) => JSON.stringify(message.content)),
        messages.map((message) => message.requestId),
        messages.map((message) => message.aggregateId ?? null),
      ],
    });
    return ids;
  });
