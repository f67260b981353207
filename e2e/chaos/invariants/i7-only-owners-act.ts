import type { Snapshot } from "../reading/snapshot.ts";

/**
 * I7: nobody acts on what isn't theirs. From the journals: no try with another's lock or booking succeeded. From the
 * databases: lock, booking, payment and tickets have one owner.
 */
export const i7OnlyOwnersAct = (snapshot: Snapshot): string[] => [
  ...trespasses(snapshot),
  ...changedHands(snapshot),
];

const trespasses = ({ journal }: Snapshot): string[] =>
  journal
    .filter(({ action, status }) => action === "trespass" && status !== null && status < 300)
    .map(({ userId, subjectId, status }) => `${userId} got ${status} for another's ${subjectId}`);

const changedHands = ({ locks, bookings, payments, tickets }: Snapshot): string[] => {
  const bookingOf = new Map(bookings.map((booking) => [booking.bookingId, booking]));
  const lockOf = new Map(locks.map((lock) => [lock.lockId, lock]));
  const real = bookings.filter(({ status }) => status !== "ABANDONED");
  const ownerOf = (bookingId: string | null) => bookingOf.get(bookingId ?? "")?.userId;
  return [
    // A lock that ended long ago is forgotten, so one that isn't there says nothing.
    ...real
      .filter(({ lockId, userId }) => (lockOf.get(lockId)?.userId ?? userId) !== userId)
      .map(({ bookingId }) => `booking ${bookingId} has another's lock`),
    ...payments
      .filter(({ bookingId, userId }) => bookingId !== null && ownerOf(bookingId) !== userId)
      .map(({ paymentId }) => `payment ${paymentId} is of another's booking`),
    ...tickets
      .filter(({ bookingId, userId }) => ownerOf(bookingId) !== userId)
      .map(({ ticketId }) => `ticket ${ticketId} is of another's booking`),
  ];
};
