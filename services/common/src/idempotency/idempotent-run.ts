import type { Queryable } from "../database/queryable.ts";
import type { Reply } from "../http/reply.ts";

/**
 * One run under an idempotency key, handed to a handler. The handler calls `complete` inside its own business transaction
 * with the reply it is going to give: then row and effect commit together, or neither does.
 */
export type IdempotentRun = {
  readonly key: string;
  readonly complete: (transaction: Queryable, reply: Reply) => Promise<void>;
};
