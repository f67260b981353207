import type { Queryable } from "@jatra/common/database/queryable.ts";
import { createBatches } from "@jatra/common/service/create-batches.ts";
import type { SeatsChanged } from "@jatra/contracts/messages/seats-changed.ts";
import { LRUCache } from "lru-cache";
import { countFreeSeats } from "../domain/count-free-seats.ts";
import {
  findSeatPlan,
  updateFreeSeats,
  type FreeSeatsChange,
  type SeatPlan,
} from "./journey-store.ts";

/** True when the claims were news: the journey is known, and knew an older revision. */
export type ApplyClaims = (claims: SeatsChanged) => Promise<boolean>;

/** Thirty trains for ten days, and some more: fewer would be asked for anew at every message of a rush. 60 kB each, 30 MB. */
const PLANS_MAX = 500;
/**
 * A rush changes a hundred journeys a second, which are told in bursts. Nobody waits for it: what a search answers may be a second
 * old anyhow. One at a time, or two would wait for each other's rows.
 */
const WRITES = { itemsMax: 64, runningMax: 1, gatherMs: 50 } as const;

/**
 * Writes free seats from a journey's claims. Claims in any order end the same: each carries all of them as of its revision,
 * and the update's own condition lets only a newer revision through.
 */
export const createApplyClaims = (database: Queryable): ApplyClaims => {
  const plans = new LRUCache<string, SeatPlan>({ max: PLANS_MAX });
  const write = createBatches(
    (changes: readonly FreeSeatsChange[]) => writeNewest(database, changes),
    WRITES,
  );
  return async ({ journeyId, revision, claims }) => {
    const plan = plans.get(journeyId) ?? (await findSeatPlan(database, journeyId));
    if (!plan) return false;
    plans.set(journeyId, plan);
    const freeSeats = countFreeSeats(plan.coaches, plan.stopCount, claims);
    return write({ journeyId, revision, freeSeats });
  };
};

/** Of several changes of a journey only the newest is written; the others are old by then. */
const writeNewest = async (
  database: Queryable,
  changes: readonly FreeSeatsChange[],
): Promise<boolean[]> => {
  const newest = new Map<string, FreeSeatsChange>();
  for (const change of changes) {
    const other = newest.get(change.journeyId);
    if (!other || other.revision < change.revision) newest.set(change.journeyId, change);
  }
  // Sorted, so that two pods wait for each other's rows in one order.
  const sorted = [...newest.values()].toSorted((a, b) => (a.journeyId < b.journeyId ? -1 : 1));
  const written = await updateFreeSeats(database, sorted);
  return changes.map(
    (change) => newest.get(change.journeyId) === change && written.has(change.journeyId),
  );
};
