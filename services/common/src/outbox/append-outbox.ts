import { v7 as uuidV7 } from "uuid";
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
export const appendOutbox = async (
  transaction: Queryable,
  message: OutboxMessage,
): Promise<string> => {
  const id = uuidV7();
  await transaction.query({
    name: "outbox-append",
    text: `INSERT INTO outbox (id, exchange, routing_key, content, request_id, aggregate_id)
           VALUES ($1, $2, $3, $4, $5, $6)`,
    values: [
      id,
      message.exchange,
      message.routingKey,
      JSON.stringify(message.content),
      message.requestId,
      message.aggregateId ?? null,
    ],
  });
  return id;
};
