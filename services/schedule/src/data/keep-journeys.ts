import { randomUUID } from "node:crypto";
import type pg from "pg";
import { missingJourneys, sellableDates } from "../domain/plan-days.ts";
import { planJourney } from "../domain/plan-journey.ts";
import { currentFare } from "./fare-store.ts";
import { journeyIdsBetween } from "./journey-store.ts";
import { publishJourney } from "./publish-journey.ts";
import { loadTrainPlans } from "./train-store.ts";

/**
 * Publishes what is missing of the journeys from today to ten days ahead; answers how many this call published. Any number
 * of pods may run it at once: the journey's primary key lets one win, and only the winner's message goes out. It stops
 * without a fare version, since a journey can't be sold without one.
 */
export const keepJourneys = async (options: {
  readonly pool: pg.Pool;
  readonly now: Date;
}): Promise<number> => {
  const { pool, now } = options;
  const fare = await currentFare(pool);
  if (!fare) return 0;
  const dates = sellableDates(now);
  const existing = await journeyIdsBetween(pool, dates.at(0) ?? "", dates.at(-1) ?? "");
  const missing = missingJourneys(await loadTrainPlans(pool), existing, now);
  const requestId = randomUUID();
  let published = 0;
  for (const { train, localDate } of missing) {
    const journey = planJourney(train, localDate, fare);
    const origin = { trainId: train.trainId, localDate };
    if (await publishJourney(pool, journey, origin, requestId)) published += 1;
  }
  return published;
};
