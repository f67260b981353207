import type { Journey } from "@jatra/contracts/messages/journey-published.ts";
import type { SeatsChanged } from "@jatra/contracts/messages/seats-changed.ts";

/**
 * Free seats by class and stretch: `free[class][fromSeq][toSeq - fromSeq - 1]`. Counted once when claims change, so that a search,
 * which is asked a hundred times as often, only looks up.
 */
export type FreeSeats = Readonly<Record<string, readonly (readonly number[])[]>>;

/**
 * Counts the seats of each class that are free on every leg of a stretch, for all stretches of a journey. A seat that is claimed on
 * one leg only still counts on stretches beside it. Claims of seats that the journey doesn't have are ignored.
 */
export const countFreeSeats = (
  coaches: Journey["coaches"],
  stopCount: number,
  claims: SeatsChanged["claims"],
): FreeSeats => {
  const claimed = claimedLegs(claims);
  const free: Record<string, number[][]> = {};
  for (const [travelClass, seatIds] of seatsByClass(coaches)) {
    const taken = seatIds.flatMap((seatId) => {
      const legs = claimed.get(seatId);
      return legs ? [legs] : [];
    });
    free[travelClass] = countClass(seatIds.length, taken, stopCount);
  }
  return free;
};

/** What `countFreeSeats` counted for a stretch; 0 for a class or stretch that isn't there. */
export const freeOn = (
  free: FreeSeats,
  travelClass: string,
  fromSeq: number,
  toSeq: number,
): number => free[travelClass]?.[fromSeq]?.[toSeq - fromSeq - 1] ?? 0;

const claimedLegs = (claims: SeatsChanged["claims"]): Map<string, Set<number>> => {
  const claimed = new Map<string, Set<number>>();
  for (const { seatId, legs } of claims) {
    const known = claimed.get(seatId) ?? new Set();
    for (const leg of legs) known.add(leg);
    claimed.set(seatId, known);
  }
  return claimed;
};

const seatsByClass = (coaches: Journey["coaches"]): Map<string, string[]> => {
  const seats = new Map<string, string[]>();
  for (const coach of coaches) {
    const ofClass = seats.get(coach.class) ?? [];
    ofClass.push(...coach.seats.map(({ seatId }) => seatId));
    seats.set(coach.class, ofClass);
  }
  return seats;
};

const countClass = (
  seatCount: number,
  taken: readonly ReadonlySet<number>[],
  stopCount: number,
): number[][] =>
  Array.from({ length: stopCount - 1 }, (_, fromSeq) => {
    // A seat is free up to the first claimed leg at or after `fromSeq`.
    const freeUntil = taken.map((legs) => firstFrom(legs, fromSeq, stopCount));
    return Array.from({ length: stopCount - 1 - fromSeq }, (_, stretch) => {
      const toSeq = fromSeq + stretch + 1;
      return seatCount - freeUntil.filter((leg) => leg < toSeq).length;
    });
  });

const firstFrom = (legs: ReadonlySet<number>, fromSeq: number, stopCount: number): number => {
  for (let leg = fromSeq; leg < stopCount - 1; leg += 1) if (legs.has(leg)) return leg;
  return stopCount;
};
