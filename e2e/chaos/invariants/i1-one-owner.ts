import type { LockRow, Snapshot } from "../reading/snapshot.ts";
import { groupBy } from "./group-by.ts";

/**
 * I1: no (journey, seat, leg) has two active claims. Told twice, from the claims and, as a person at the train would find
 * out, from the tickets: two that are good for one seat on one leg.
 */
export const i1OneOwner = ({ claims, tickets, bookings, locks }: Snapshot): string[] => {
  const claimed = claims.map((claim) => ({ ...claim, owner: `lock ${claim.lockId}` }));
  const lockOf = new Map(locks.map((lock) => [lock.lockId, lock]));
  const bookingOf = new Map(bookings.map((booking) => [booking.bookingId, booking]));
  const ticketed = tickets
    .filter((ticket) => ticket.state !== "VOID")
    .flatMap((ticket) => {
      const lock = lockOf.get(bookingOf.get(ticket.bookingId)?.lockId ?? "");
      const owner = `ticket ${ticket.ticketId}`;
      return legsOf(lock).map((leg) => ({ ...ticket, leg, owner }));
    });
  return [...twice(claimed), ...twice(ticketed)];
};

type Place = { journeyId: string; seatId: string; leg: number; owner: string };

const twice = (places: readonly Place[]): string[] =>
  [...groupBy(places, ({ journeyId, seatId, leg }) => `${journeyId} ${seatId} leg ${leg}`)]
    .filter(([, owners]) => owners.length > 1)
    .map(([place, owners]) => `${place} belongs to ${owners.map((one) => one.owner).join(", ")}`);

const legsOf = (lock: LockRow | undefined): number[] =>
  lock === undefined
    ? []
    : Array.from({ length: lock.toSeq - lock.fromSeq }, (_, index) => lock.fromSeq + index);
