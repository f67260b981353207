import { dhakaInstant } from "@jatra/contracts/dhaka-time.ts";
import type { Journey } from "@jatra/contracts/messages/journey-published.ts";
import type { RouteStop } from "@jatra/contracts/timetable.ts";

/** A train as the timetable has it at one moment: everything a journey is made from but the day and the fare. */
export type TrainPlan = {
  readonly trainId: string;
  readonly name: string;
  readonly departureTime: string;
  readonly daysOff: readonly number[];
  readonly stops: readonly (RouteStop & { readonly name: string })[];
  readonly coaches: Journey["coaches"];
};

const MINUTE_MS = 60_000;

/** Readable and the same on every pod, so that the primary key is what keeps a day's journey single: `702-20261201`. */
export const journeyIdOf = (trainId: string, localDate: string): string =>
  `${trainId}-${localDate.replaceAll("-", "")}`;

/** The journey of a train that leaves its first stop on `localDate` (Dhaka), with all times in UTC. */
export const planJourney = (
  train: TrainPlan,
  localDate: string,
  fare: Journey["fare"],
): Journey => {
  const startsAt = dhakaInstant(localDate, train.departureTime).getTime();
  const at = (minutes: number | null): string | null =>
    minutes === null ? null : new Date(startsAt + minutes * MINUTE_MS).toISOString();
  return {
    journeyId: journeyIdOf(train.trainId, localDate),
    train: { trainId: train.trainId, number: train.trainId, name: train.name },
    departs: true,
    stops: train.stops.map((stop, seq) => ({
      seq,
      code: stop.station,
      name: stop.name,
      arrivesAt: at(stop.arriveMinutes),
      departsAt: at(stop.departMinutes),
      distanceKm: stop.distanceKm,
    })),
    coaches: train.coaches,
    fare,
  };
};

/** Departure at the first stop and arrival at the last. A journey without them can't be sold: a bug, so it throws. */
export const journeySpan = ({ journeyId, stops }: Journey): { from: Date; to: Date } => {
  const departsAt = stops.at(0)?.departsAt;
  const arrivesAt = stops.at(-1)?.arrivesAt;
  if (!departsAt || !arrivesAt) throw new Error(`journey ${journeyId} has no times`);
  return { from: new Date(departsAt), to: new Date(arrivesAt) };
};
