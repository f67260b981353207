import type { Queryable } from "@jatra/common/database/queryable.ts";
import { insertHold, insertHolds, SeatTakenError, type NewHold } from "./hold-store.ts";

export type HoldBatches = {
  /** Answers the end of the hold. Throws `SeatTakenError`; then nothing of this hold was written. */
  readonly insert: (hold: NewHold) => Promise<Date>;
};

/** Statements under way at a time: one commits while the next is filled; the pool keeps connections for everything else. */
const RUNNING_MAX = 2;
/** Some ms of one statement. A batch that is refused costs a statement for each of its holds. */
const BATCH_MAX = 32;

type Waiting = {
  readonly hold: NewHold;
  readonly resolve: (expiresAt: Date) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Holds that arrive while others are being written go into one statement, so that a crowd shares round trips, parsing and the
 * flush of the commit. Nobody waits for company: a hold that comes alone is written at once. Each hold stays all or
 * nothing by itself: the index refuses a batch as a whole, and then each of its holds is tried alone.
 */
export const createHoldBatches = (database: Queryable): HoldBatches => {
  let waiting: Waiting[] = [];
  let running = 0;
  let woken = false;

  const start = (): void => {
    woken = false;
    while (waiting.length > 0 && running < RUNNING_MAX) {
      const batch = waiting.slice(0, BATCH_MAX);
      waiting = waiting.slice(BATCH_MAX);
      running += 1;
      void write(database, batch).finally(() => {
        running -= 1;
        start();
      });
    }
  };

  return {
    insert: (hold) =>
      new Promise((resolve, reject) => {
        waiting.push({ hold, resolve, reject });
        if (woken) return;
        woken = true;
        // After whatever else this turn of the event loop brings: requests that were read together go together.
        setImmediate(start);
      }),
  };
};

/** Never rejects: every hold hears of its own end. */
const write = async (database: Queryable, batch: readonly Waiting[]): Promise<void> => {
  const [first] = batch;
  if (batch.length === 1 && first) {
    await writeAlone(database, first);
    return;
  }
  try {
    const ends = await insertHolds(
      database,
      batch.map(({ hold }) => hold),
    );
    for (const { hold, resolve, reject } of batch) {
      const end = ends.get(hold.lockId);
      if (end) resolve(end);
      else reject(new Error(`hold ${hold.lockId} was written without an answer`));
    }
  } catch (error) {
    if (error instanceof SeatTakenError) {
      await Promise.all(batch.map((one) => writeAlone(database, one)));
      return;
    }
    for (const { reject } of batch) reject(error);
  }
};

const writeAlone = async (
  database: Queryable,
  { hold, resolve, reject }: Waiting,
): Promise<void> => {
  try {
    resolve(await insertHold(database, hold));
  } catch (error) {
    reject(error);
  }
};
