import type { OwnedSeats } from "../domain/owned-seats.ts";
import { legsOf } from "../domain/stretch.ts";

/** The braces are Redis Cluster's hash tag: all keys of a journey live in one slot, so that one script may use them. */
export const seatKey = (journeyId: string, seatId: string, leg: number): string =>
  `seat:{${journeyId}}:${seatId}:${leg}`;

/** One key a seat and leg, with the seat that each stands for, in the sorted order that the database uses too. */
export const seatKeysOf = (
  seats: Omit<OwnedSeats, "lockId">,
): { keys: string[]; seatIds: string[] } => {
  const legs = legsOf(seats);
  const cells = seats.seatIds.toSorted().flatMap((seatId) => legs.map((leg) => ({ seatId, leg })));
  return {
    keys: cells.map(({ seatId, leg }) => seatKey(seats.journeyId, seatId, leg)),
    seatIds: cells.map(({ seatId }) => seatId),
  };
};
