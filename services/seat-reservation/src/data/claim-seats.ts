import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import type { Queryable } from "@jatra/common/database/queryable.ts";
import type pg from "pg";
import type { AcquiredLock, ClaimSeats } from "../domain/acquire-lock.ts";
import type { HoldBatches } from "./hold-batches.ts";
import { insertHold, retireOverdue, SeatTakenError } from "./hold-store.ts";

/** Writes beside the hold, in its transaction: the answer under an idempotency key. */
export type Complete = (transaction: Queryable, lock: AcquiredLock) => Promise<void>;

/**
 * Claims in seat_db. Normally one statement, shared with others who ask at that moment unless something is to be written beside
 * it. Only where the index refuses it is worth looking for overdue holds that no
 * sweeper has met yet: these are retired, and the claim is tried once more.
 */
export const claimSeatsIn =
  (pool: pg.Pool, batches: HoldBatches, complete: Complete | undefined): ClaimSeats =>
  async (hold, finish) => {
    const claim = async (): Promise<AcquiredLock> => {
      if (!complete) return finish(await batches.insert(hold));
      return inTransaction(pool, async (transaction) => {
        const lock = finish(await insertHold(transaction, hold));
        await complete(transaction, lock);
        return lock;
      });
    };
    const first = await tryToClaim(claim);
    if (first.outcome === "claimed" || (await retireOverdue(pool, hold)) === 0) return first;
    return tryToClaim(claim);
  };

const tryToClaim = async (claim: () => Promise<AcquiredLock>): ReturnType<ClaimSeats> => {
  try {
    return { outcome: "claimed", lock: await claim() };
  } catch (error) {
    if (!(error instanceof SeatTakenError)) throw error;
    return { outcome: "taken", failedSeat: error.seatId };
  }
};
