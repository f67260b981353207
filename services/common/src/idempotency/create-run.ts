import { inTime } from "../service/in-time.ts";
import type { IdempotentRequest } from "./idempotency-engine.ts";
import { insertReply } from "./idempotency-store.ts";
import type { IdempotentRun } from "./idempotent-run.ts";
import { toStoredReply, type StoredReply } from "./stored-reply.ts";

/** One try at a request: it may complete until its deadline, which lies before the end of its lock. */
export type Run = IdempotentRun & {
  readonly completed: () => StoredReply | undefined;
  readonly overdue: () => boolean;
  /** Answers what `work` does, or throws when the deadline comes first; `work` itself can't be stopped. */
  readonly beforeDeadline: <T>(work: Promise<T>) => Promise<T>;
};

/** 24 of 30 s: the rest is for the commit of a transaction that completed at the last moment. */
const DEADLINE_SHARE = 0.8;

export const createRun = (request: IdempotentRequest, lockSeconds: number): Run => {
  const deadline = new AbortController();
  const deadlineMs = lockSeconds * 1000 * DEADLINE_SHARE;
  let completed: StoredReply | undefined;
  return {
    key: request.key,
    completed: () => completed,
    overdue: () => deadline.signal.aborted,
    complete: async (transaction, reply) => {
      // Its client has had a 503 by now; the transaction must not commit behind its back.
      deadline.signal.throwIfAborted();
      const stored = toStoredReply(request.fingerprint, reply);
      await insertReply(transaction, request, stored);
      completed = stored;
    },
    beforeDeadline: (work) =>
      inTime(work, deadlineMs, () => {
        const error = new Error(`the handler took longer than ${deadlineMs} ms`);
        deadline.abort(error);
        return error;
      }),
  };
};
