import { fieldOf, type JournalEntry } from "../client/journal.ts";
import type { Snapshot } from "../reading/snapshot.ts";
import { groupBy } from "./group-by.ts";

/** seat-reservation leaves a payment alone for so long before it asks what became of the booking. */
const ASKED_AFTER_MS = 60_000;

/**
 * `booking_abandoned` is an answer of the protocol in one case only: the lock had been in payment for a minute without a
 * booking, and booking-service put a tombstone in its place. Then no try was ever accepted, the lock is let go, and there is
 * neither payment nor ticket. Answers a sentence for whatever of that doesn't hold.
 */
export const givenUpBookings = (snapshot: Snapshot): string[] => {
  const books = snapshot.journal.filter(({ action }) => action === "book");
  return [...groupBy(books, ({ subjectId }) => subjectId ?? "")].flatMap(([lockId, tries]) => {
    const refusal = tries.find(isGivenUp);
    if (!refusal) return [];
    return [...tooEarly(refusal, tries), ...leftBehind(lockId, tries, snapshot)].map(
      (what) => `the booking of lock ${lockId} was given up, but ${what}`,
    );
  });
};

const isGivenUp = (entry: JournalEntry): boolean =>
  entry.status === 409 && fieldOf(entry, "code") === "booking_abandoned";

const tooEarly = (refusal: JournalEntry, tries: readonly JournalEntry[]): string[] => {
  const first = Math.min(...tries.map(({ sentAt }) => sentAt.getTime()));
  const afterMs = refusal.at.getTime() - first;
  return afterMs < ASKED_AFTER_MS ? [`only ${afterMs} ms after it was asked for`] : [];
};

const leftBehind = (
  lockId: string,
  tries: readonly JournalEntry[],
  { bookings, locks, claims, payments, tickets }: Snapshot,
): string[] => {
  const booking = bookings.find((one) => one.lockId === lockId);
  const lock = locks.find((one) => one.lockId === lockId);
  const ofBooking = (one: { readonly bookingId: string | null }): boolean =>
    booking !== undefined && one.bookingId === booking.bookingId;
  const found: readonly (readonly [boolean, string])[] = [
    [tries.some(({ status }) => status === 202), "another try was accepted"],
    [booking?.status !== "ABANDONED", `it is ${booking?.status ?? "not there"}`],
    // A lock that ended long ago is forgotten.
    [lock !== undefined && lock.state !== "RELEASED", `its lock is ${lock?.state ?? "gone"}`],
    [claims.some((claim) => claim.lockId === lockId), "its seats are kept"],
    [payments.some(ofBooking), "it has a payment"],
    [tickets.some(ofBooking), "it has tickets"],
  ];
  return found.filter(([wrong]) => wrong).map(([, what]) => what);
};
