import type { Queryable } from "../database/queryable.ts";

/**
 * Marks a message as dealt with by a queue's handler, in the handler's transaction. False: it was before, so do nothing and
 * let the delivery be acknowledged. Waits for a transaction that is handling the same message just now.
 */
export const recordInbox = async (
  transaction: Queryable,
  message: { readonly queue: string; readonly messageId: string },
): Promise<boolean> => {
  const { rowCount } = await transaction.query({
    name: "inbox-record",
    text: `INSERT INTO inbox (queue, message_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
    values: [message.queue, message.messageId],
  });
  return rowCount === 1;
};
