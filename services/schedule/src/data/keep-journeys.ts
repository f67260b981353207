import { randomUUID } from "node:crypto";
import type pg from "pg";
import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import type { Journey } from "@jatra/contracts/messages/journey-published.ts";
import { missingJourneys, sellableDates, type PlannedDay } from "../domain/plan-days.ts";
import { planJourney } from "../domain/plan-journey.ts";
import { currentFare } from "./fare-store.ts";
import { journeyIdsBetween } from "./journey-store.ts";
import { publishJourneyWithin } from "./publish-journey.ts";
import { loadTrainPlans } from "./train-store.ts";

/**
 * Publishes what is missing of the journeys from today to ten days ahead; answers how many this call published. Any number
 * of pods may run it at once: the journey's primary key lets one win, and only the winner's message goes out. It does
 * nothing without a fare version, since a journey can't be sold without one.
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
  for (const days of Map.groupBy(missing, ({ train }) => train.trainId).values()) {
    published += await publishDays(pool, days, fare, requestId);
  }
  return published;
};

/**
 * One train's days in one transaction: eleven journeys for one commit. Pods that meet here insert in the same
 * order, by day, so they wait for each other and never in a circle.
 */
const publishDays = (
  pool: pg.Pool,
  days: readonly PlannedDay[],
  fare: Journey["fare"],
  requestId: string,
): Promise<number> =>
  inTransaction(pool, async (transaction) => {
    let published = 0;
    for (const { train, localDate } of days) {
      const journey = planJourney(train, localDate, fare);
      const origin = { trainId: train.trainId, localDate };
      if (await publishJourneyWithin(transaction, journey, origin, requestId)) published += 1;
    }
    return published;
  });
