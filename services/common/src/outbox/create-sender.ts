import { createBatches } from "../service/create-batches.ts";
import { gather } from "../service/gather.ts";
import { markPublished, postpone, type PendingMessage } from "./outbox-store.ts";
import { publishRows, type RelayDependencies } from "./publish-rows.ts";

export type Sender = {
  readonly send: (messages: readonly PendingMessage[]) => void;
  /** Sends what waits, and resolves once all of it has ended. */
  readonly stop: () => Promise<void>;
};

/**
 * Commits of this time are published together, so that a burst stays one on its way through queues and consumers, each of which
 * does it at once. A sale passes here three times before it is confirmed.
 */
const GATHER_MS = 15;
/** Rows a statement. The lease keeps others away meanwhile, so nothing waits for the mark. */
const MARKS = { itemsMax: 500, runningMax: 1, gatherMs: 100 } as const;

/** Publishes what this process has committed itself, without asking the database for it first. */
export const createSender = (dependencies: RelayDependencies): Sender => {
  const { pool, rabbit, logger } = dependencies;
  const running = new Set<Promise<unknown>>();
  let waiting: PendingMessage[] = [];
  const mark = createBatches(async (ids: readonly string[]) => {
    await markPublished(pool, ids);
    return ids;
  }, MARKS);
  const markAll = (ids: readonly string[]) => Promise.all(ids.map(mark));

  const isAway = (): boolean => rabbit.isReady?.() === false;
  /** For the relay's next look, in one statement and without a try and a line of log for each. */
  const giveBack = (messages: readonly PendingMessage[]): Promise<void> =>
    postpone(
      pool,
      messages.map(({ id }) => ({ id, pauseSeconds: 0 })),
    );

  const sendNow = (): void => {
    const messages = waiting;
    waiting = [];
    if (messages.length === 0) return;
    const run = (isAway() ? giveBack(messages) : publishRows(messages, markAll, dependencies))
      // The lease ends, and they are published again: nothing is lost with this error.
      .catch((error: unknown) => logger.error({ err: error }, "messages sent, not marked"))
      .then(() => void running.delete(run));
    running.add(run);
  };
  const sendSoon = gather(GATHER_MS, sendNow);
  return {
    send: (messages) => {
      if (messages.length === 0) return;
      waiting.push(...messages);
      sendSoon();
    },
    stop: async () => {
      sendNow();
      await Promise.all(running);
    },
  };
};
