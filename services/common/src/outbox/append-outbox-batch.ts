import { v7 as uuidV7 } from "uuid";
import type { Queryable } from "../database/queryable.ts";
import type { OutboxMessage } from "./append-outbox.ts";

/** `appendOutbox` for several messages of one transaction in one statement: at some 100 a second, round trips are the cost. */
export const appendOutboxBatch = async (
  transaction: Queryable,
  messages: readonly OutboxMessage[],
): Promise<void> => {
  if (messages.length === 0) return;
  await transaction.query({
    name: "outbox-append-batch",
    text: `INSERT INTO outbox (id, exchange, routing_key, content, request_id, aggregate_id)
           SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::json[], $5::text[], $6::text[])`,
    values: [
      messages.map(() => uuidV7()),
      messages.map((message) => message.exchange),
      messages.map((message) => message.routingKey),
      messages.map((message) => JSON.stringify(message.content)),
      messages.map((message) => message.requestId),
      messages.map((message) => message.aggregateId ?? null),
    ],
  });
};
