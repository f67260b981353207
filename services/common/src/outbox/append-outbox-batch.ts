import type { Queryable } from "../database/queryable.ts";
import { appendOutbox, type OutboxMessage } from "./append-outbox.ts";

/** `appendOutbox` for several messages of one transaction, which leave as one statement; no messages, no statement. */
export const appendOutboxBatch = async (
  transaction: Queryable,
  messages: readonly OutboxMessage[],
): Promise<void> => {
  await Promise.all(messages.map((message) => appendOutbox(transaction, message)));
};
