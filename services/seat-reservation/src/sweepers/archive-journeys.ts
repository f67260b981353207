import type { Queryable } from "@jatra/common/database/queryable.ts";
import { deleteSold, forgetJourney } from "../data/archive-store.ts";
import { listClaimedJourneys, readClock } from "../data/change-store.ts";
import type { JourneyPlan, JourneySource } from "../domain/journey-plan.ts";

/** A week after its arrival nobody can book, cancel or ride a train; bookings and tickets have records of their own. */
const KEEP_MS = 7 * 24 * 3_600_000;

/**
 * Deletes claims and sold locks of journeys that are over for a week: what is left is as large as the trains that still run, however
 * long the platform does. Answers how many journeys it put away; any number may run.
 */
export const archiveJourneys = async ({
  pool,
  journeys,
}: {
  readonly pool: Queryable;
  readonly journeys: JourneySource;
}): Promise<number> => {
  const now = await readClock(pool);
  let archived = 0;
  for (const journeyId of await listClaimedJourneys(pool)) {
    const plan = await journeys.find(journeyId);
    if (!plan || !isLongOver(plan, now)) continue;
    await deleteSold(pool, journeyId);
    if (await forgetJourney(pool, journeyId)) archived += 1;
  }
  return archived;
};

const isLongOver = ({ journey }: JourneyPlan, now: Date): boolean => {
  const arrivesAt = journey.stops.at(-1)?.arrivesAt;
  return journey.departs && !!arrivesAt && Date.parse(arrivesAt) + KEEP_MS < now.getTime();
};
