import type { Queryable } from "@jatra/common/database/queryable.ts";
import { createBatches } from "@jatra/common/service/create-batches.ts";
import { insertHolds, type NewHold } from "./hold-store.ts";

export type HoldBatches = {
  /** Answers the end of the hold. Throws `SeatTakenError`; then nothing of this hold was written. */
  readonly insert: (hold: NewHold) => Promise<Date>;
};

/**
 * Statements under way at a time: one commits while the next is filled; the pool keeps connections for everything else. 32 holds
 * are some ms of one statement, and a batch that is refused costs a statement for each of its holds. A crowd waits for about as long
 * as a flush takes.
 */
const LIMITS = { itemsMax: 32, runningMax: 2, crowdMs: 4 } as const;

/**
 * Holds that arrive while others are being written go into one statement, so that a crowd shares round trips, parsing and the
 * flush of the commit. Nobody waits for company: a hold that comes alone is written at once. Each hold stays all or
 * nothing by itself: the index refuses a batch as a whole, and then each of its holds is tried alone.
 */
export const createHoldBatches = (database: Queryable): HoldBatches => ({
  insert: createBatches((holds: readonly NewHold[]) => insertAll(database, holds), LIMITS),
});

const insertAll = async (database: Queryable, holds: readonly NewHold[]): Promise<Date[]> => {
  const ends = await insertHolds(database, holds);
  return holds.map(({ lockId }) => {
    const end = ends.get(lockId);
    if (!end) throw new Error(`hold ${lockId} was written without an answer`);
    return end;
  });
};
