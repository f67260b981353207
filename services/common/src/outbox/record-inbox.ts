import { gathered } from "../database/gathered.ts";
import type { Queryable } from "../database/queryable.ts";

export type ReceivedMessage = { readonly queue: string; readonly messageId: string };

/**
 * Marks a message as dealt with by a queue's handler, in the handler's transaction. False: it was before, so do nothing and
 * let the delivery be acknowledged. Waits for a transaction that is handling the same message just now.
 */
export const recordInbox: (transaction: Queryable, message: ReceivedMessage) => Promise<boolean> =
  gathered(async (transaction, messages) => {
    const { rows } = await transaction.query<{ queue: string; messageId: string }>({
      name: "inbox-record",
      // In their order, so that two transactions with some messages in common don't wait for each other in a circle.
      text: `INSERT INTO inbox (queue, message_id)
             SELECT queue, id FROM unnest($1::text[], $2::text[]) AS m (queue, id) ORDER BY queue, id
             ON CONFLICT DO NOTHING RETURNING queue, message_id AS "messageId"`,
      values: [messages.map(({ queue }) => queue), messages.map(({ messageId }) => messageId)],
    });
    const fresh = new Set(rows.map(nameOf));
    // Each row answers one of them: of two that are the same message, the second was seen before.
    return messages.map((message) => fresh.delete(nameOf(message)));
  });

const nameOf = ({ queue, messageId }: ReceivedMessage): string => `${queue} ${messageId}`;
