import type pg from "pg";
import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import type { ConsumeOptions } from "@jatra/common/messaging/connection.ts";
import { recordInbox } from "@jatra/common/outbox/record-inbox.ts";
import { userRegisteredSchema } from "@jatra/contracts/messages/user-registered.ts";
import { registerProfile } from "../data/profile-store.ts";

const QUEUE = "user.registration-events.queue";
/** Two short statements each; the pool has other users. */
const PREFETCH = 4;

/** Makes a profile for everybody who registers. */
export const takeInRegistrations = ({ pool }: { readonly pool: pg.Pool }): ConsumeOptions => ({
  queue: QUEUE,
  prefetch: PREFETCH,
  handle: async ({ id, content }) => {
    const registered = userRegisteredSchema.parse(content);
    await inTransaction(pool, async (transaction) => {
      const isNew = await recordInbox(transaction, { queue: QUEUE, messageId: id });
      if (isNew) await registerProfile(transaction, registered);
    });
  },
});
