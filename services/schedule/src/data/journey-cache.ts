import type pg from "pg";
import type { Journey } from "@jatra/contracts/messages/journey-published.ts";
import { LRUCache } from "lru-cache";
import { findJourney } from "./journey-store.ts";

/**
 * All that are on sale, thirty trains for ten days: with fewer, a rush over all of them reads 100 kB from the database for every
 * third price. About 100 kB each, parsed and as bytes: 40 MB.
 */
const JOURNEYS_MAX = 400;

export type CachedJourney = { readonly journey: Journey; readonly bytes: Buffer };
export type FindJourney = (journeyId: string) => Promise<CachedJourney | undefined>;

/** Journeys by id. Without a time limit, since a published journey never changes; unknown ids are not remembered. */
export const createJourneyCache = (pool: pg.Pool): FindJourney => {
  const journeys = new LRUCache<string, CachedJourney>({ max: JOURNEYS_MAX });
  return async (journeyId) => {
    const known = journeys.get(journeyId);
    if (known) return known;
    const journey = await findJourney(pool, journeyId);
    if (!journey) return undefined;
    const cached = { journey, bytes: Buffer.from(JSON.stringify(journey)) };
    journeys.set(journeyId, cached);
    return cached;
  };
};
