import type { Journey } from "@jatra/contracts/messages/journey-published.ts";

/** A journey with what every request asks of it. Journeys never change once published. */
export type JourneyPlan = {
  readonly journey: Journey;
  readonly seatIds: ReadonlySet<string>;
};

export type JourneySource = {
  /** `undefined` for a journey that schedule-service doesn't know. */
  readonly find: (journeyId: string) => Promise<JourneyPlan | undefined>;
};

export const planJourney = (journey: Journey): JourneyPlan => ({
  journey,
  seatIds: new Set(journey.coaches.flatMap(({ seats }) => seats.map(({ seatId }) => seatId))),
});

/** Whether the train has left stop `fromSeq` at `now`; the guide's `test-journey` never leaves. */
export const hasDeparted = (journey: Journey, fromSeq: number, now: Date): boolean => {
  const departsAt = journey.stops.find(({ seq }) => seq === fromSeq)?.departsAt;
  if (!journey.departs || !departsAt) return false;
  return new Date(departsAt) <= now;
};
