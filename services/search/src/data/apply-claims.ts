import type pg from "pg";
import type { SeatsChanged } from "@jatra/contracts/messages/seats-changed.ts";
import { LRUCache } from "lru-cache";
import { countFreeSeats } from "../domain/count-free-seats.ts";
import { findSeatPlan, updateFreeSeats, type SeatPlan } from "./journey-store.ts";

/** True when the claims were news: the journey is known, and knew an older revision. */
export type ApplyClaims = (claims: SeatsChanged) => Promise<boolean>;

/** Thirty trains for ten days, and some more: fewer would be asked for anew at every message of a rush. 60 kB each, 30 MB. */
const PLANS_MAX = 500;

/**
 * Writes free seats from a journey's claims. Claims in any order end the same: each carries all of them as of its revision,
 * and the update's own condition lets only a newer revision through.
 */
export const createApplyClaims = (pool: pg.Pool): ApplyClaims => {
  const plans = new LRUCache<string, SeatPlan>({ max: PLANS_MAX });
  return async ({ journeyId, revision, claims }) => {
    const plan = plans.get(journeyId) ?? (await findSeatPlan(pool, journeyId));
    if (!plan) return false;
    plans.set(journeyId, plan);
    const freeSeats = countFreeSeats(plan.coaches, plan.stopCount, claims);
    return updateFreeSeats(pool, { journeyId, revision, freeSeats });
  };
};
