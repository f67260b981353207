import { isOutage } from "../errors/is-outage.ts";

export type BatchLimits = {
  readonly itemsMax: number;
  /** Runs under way at a time: while one commits, the next fills. */
  readonly runningMax: number;
  /** How long the first item of a batch waits for company, where nobody waits for it; without it, not at all. */
  readonly gatherMs?: number;
  /**
   * The same where somebody does wait: only while items come closer together than this. One that comes alone goes at once, and a crowd
   * waits shorter than its own queue is.
   */
  readonly crowdMs?: number;
};

type Waiting<T, R> = {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Makes a function of one item from one of many (which answers in their order): items that come while others are under way share the
 * next run, and with it round trips, parsing and the flush of a commit. A run that fails has changed nothing; then each of its items
 * is tried alone, so that one of them doesn't take the others with it. An outage is everybody's at once.
 */
export const createBatches = <T, R>(
  run: (items: readonly T[]) => Promise<readonly R[]>,
  limits: BatchLimits,
): ((item: T) => Promise<R>) => {
  const { itemsMax, runningMax } = limits;
  const patienceMs = createPatience(limits);
  let waiting: Waiting<T, R>[] = [];
  let running = 0;
  let scheduled = false;

  const start = (): void => {
    while (waiting.length > 0 && running < runningMax) {
      const batch = waiting.slice(0, itemsMax);
      waiting = waiting.slice(itemsMax);
      running += 1;
      void runBatch(run, batch).finally(() => {
        running -= 1;
        if (!scheduled) start();
      });
    }
  };
  const startScheduled = (): void => {
    scheduled = false;
    start();
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      const waitMs = patienceMs();
      if (waiting.length >= itemsMax) start();
      if (scheduled) return;
      scheduled = true;
      // At the least after whatever else this turn of the event loop brings: what was read together goes together.
      if (waitMs === undefined) setImmediate(startScheduled);
      else setTimeout(startScheduled, waitMs);
    });
};

/** To be asked with each item: how long a batch that begins with it waits. */
const createPatience = ({ gatherMs, crowdMs }: BatchLimits): (() => number | undefined) => {
  if (crowdMs === undefined) return () => gatherMs;
  let lastMs = -Infinity;
  return () => {
    const nowMs = performance.now();
    const isAlone = nowMs - lastMs > crowdMs;
    lastMs = nowMs;
    return isAlone ? undefined : crowdMs;
  };
};

/** Never rejects: every item hears of its own end. */
const runBatch = async <T, R>(
  run: (items: readonly T[]) => Promise<readonly R[]>,
  batch: readonly Waiting<T, R>[],
): Promise<void> => {
  try {
    const results = await run(batch.map(({ item }) => item));
    if (results.length !== batch.length) {
      throw new Error(`${batch.length} items were answered by ${results.length} results`);
    }
    for (const [index, result] of results.entries()) batch[index]?.resolve(result);
  } catch (error) {
    if (batch.length > 1 && !isOutage(error)) {
      await Promise.all(batch.map((one) => runBatch(run, [one])));
      return;
    }
    for (const { reject } of batch) reject(error);
  }
};
