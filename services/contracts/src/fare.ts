import type { Journey } from "./messages/journey-published.ts";
import type { TravelClass } from "./primitives.ts";

/**
 * Fare of one passenger in poisha: distance times the class's rate, rounded up to whole taka, at least the
 * minimum. One formula for what search shows and what schedule quotes. `undefined` when the class has no rate.
 */
export const fareAmount = (
  fare: Journey["fare"],
  travelClass: TravelClass,
  distanceKm: number,
): number | undefined => {
  const rate = fare.rates.find((candidate) => candidate.class === travelClass);
  if (!rate) return undefined;
  const taka = Math.ceil((rate.perKm * distanceKm) / 100);
  return Math.max(taka * 100, rate.minimum);
};
