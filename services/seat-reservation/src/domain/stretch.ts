import type { Journey } from "@jatra/contracts/messages/journey-published.ts";

/** A part of a route: from stop `fromSeq` to stop `toSeq`; its legs are fromSeq … toSeq - 1. */
export type Stretch = {
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly from: string;
  readonly to: string;
};

/**
 * The stretch between two stations of a journey; a station left out means the route's own end.
 * `undefined` when a station is not on the route, or they come in the wrong order.
 */
export const stretchOf = (
  journey: Pick<Journey, "stops">,
  from: string | undefined,
  to: string | undefined,
): Stretch | undefined => {
  const first = from === undefined ? journey.stops.at(0) : stopAt(journey, from);
  const last = to === undefined ? journey.stops.at(-1) : stopAt(journey, to);
  if (!first || !last || first.seq >= last.seq) return undefined;
  return { fromSeq: first.seq, toSeq: last.seq, from: first.code, to: last.code };
};

const stopAt = (journey: Pick<Journey, "stops">, code: string) =>
  journey.stops.find((stop) => stop.code === code);

/** Leg numbers of a stretch, ascending. */
export const legsOf = ({ fromSeq, toSeq }: Pick<Stretch, "fromSeq" | "toSeq">): number[] =>
  Array.from({ length: toSeq - fromSeq }, (_, offset) => fromSeq + offset);
