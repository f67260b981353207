import type { Queryable } from "../database/queryable.ts";
import { appendLeased, appendOutbox, type OutboxMessage } from "./append-outbox.ts";
import type { PendingMessage } from "./outbox-store.ts";

/** `appendOutbox` for several messages of one transaction, which leave as one statement; no messages, no statement. */
export const appendOutboxBatch = async (
  transaction: Queryable,
  messages: readonly OutboxMessage[],
): Promise<void> => {
  await Promise.all(messages.map((message) => appendOutbox(transaction, message)));
};

/** `appendLeased` in the same way. */
export const appendLeasedBatch = (
  transaction: Queryable,
  messages: readonly OutboxMessage[],
): Promise<PendingMessage[]> =>
  Promise.all(messages.map((message) => appendLeased(transaction, message)));
