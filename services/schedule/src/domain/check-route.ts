import type { RouteStop } from "@jatra/contracts/timetable.ts";

/**
 * What is wrong with a route's stops, in one sentence, or `undefined`: stations once each, distance and time growing
 * from 0, an arrival everywhere but at the first stop, a departure everywhere but at the last. Search and the price of a
 * stretch rely on it.
 */
export const routeFault = (stops: readonly RouteStop[]): string | undefined => {
  if (stops.length < 2) return "A route needs two stops.";
  const seen = new Set<string>();
  let distanceKm = -1;
  let minutes = -1;
  for (const [seq, stop] of stops.entries()) {
    if (seen.has(stop.station)) return `${stop.station} is there twice.`;
    seen.add(stop.station);
    if (stop.distanceKm <= distanceKm) return `${stop.station}: the distance must grow.`;
    const fault = timeFault(stop, seq, stops.length - 1, minutes);
    if (fault) return `${stop.station}: ${fault}`;
    distanceKm = stop.distanceKm;
    minutes = stop.departMinutes ?? minutes;
  }
  const first = stops[0];
  if (first?.distanceKm !== 0 || first.departMinutes !== 0) {
    return "Distance and minutes count from 0 at the first stop.";
  }
  return undefined;
};

const timeFault = (
  { arriveMinutes, departMinutes }: RouteStop,
  seq: number,
  lastSeq: number,
  minutesBefore: number,
): string | undefined => {
  if ((arriveMinutes === null) !== (seq === 0)) return "only the first stop has no arrival.";
  if ((departMinutes === null) !== (seq === lastSeq)) return "only the last stop has no departure.";
  if (arriveMinutes !== null && arriveMinutes <= minutesBefore) return "the time must grow.";
  if (arriveMinutes !== null && departMinutes !== null && departMinutes < arriveMinutes) {
    return "it leaves before it arrives.";
  }
  return undefined;
};
