import { addDays, dhakaDateOf, dhakaInstant, weekdayOf } from "@jatra/contracts/dhaka-time.ts";
import { journeyIdOf, type TrainPlan } from "./plan-journey.ts";

/** Ten days is how far ahead tickets are sold; docs/architecture.md and the guide agree on it. */
export const DAYS_AHEAD = 10;

export type PlannedDay = {
  readonly train: TrainPlan;
  readonly localDate: string;
  readonly journeyId: string;
};

/** Today in Dhaka and the ten days after it. */
export const sellableDates = (now: Date): string[] => {
  const today = dhakaDateOf(now);
  return Array.from({ length: DAYS_AHEAD + 1 }, (_, days) => addDays(today, days));
};

/**
 * The journeys that ought to exist and don't: each train on each sellable day it runs, unless it has left already (nobody
 * could board where the line begins). Pure, so running it again after publishing finds nothing.
 */
export const missingJourneys = (
  trains: readonly TrainPlan[],
  existing: ReadonlySet<string>,
  now: Date,
): PlannedDay[] => {
  const dates = sellableDates(now);
  return trains.flatMap((train) =>
    dates
      .filter((date) => runsOn(train, date) && leavesAfter(train, date, now))
      .map((localDate) => ({ train, localDate, journeyId: journeyIdOf(train.trainId, localDate) }))
      .filter(({ journeyId }) => !existing.has(journeyId)),
  );
};

export const leavesAfter = (train: TrainPlan, localDate: string, now: Date): boolean =>
  dhakaInstant(localDate, train.departureTime) > now;

const runsOn = ({ daysOff }: TrainPlan, localDate: string): boolean =>
  !daysOff.includes(weekdayOf(localDate));
