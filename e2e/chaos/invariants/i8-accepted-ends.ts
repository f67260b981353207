import { fieldOf } from "../client/journal.ts";
import type { Snapshot } from "../reading/snapshot.ts";
import { givenUpBookings } from "./given-up-bookings.ts";

const ended: readonly string[] = [
  "CONFIRMED",
  "PAYMENT_FAILED",
  "CANCELLED",
  "REFUNDED",
  "ABANDONED",
];
const paymentEnded: readonly string[] = ["CAPTURED", "FAILED", "CLOSED"];
const refundEnded: readonly string[] = ["DONE", "FAILED"];

/**
 * I8: what was answered 202 has reached its end, and nothing waits on the way: no message, no payment, no refund. What was
 * answered `booking_abandoned` instead has left nothing behind.
 */
export const i8AcceptedEnds = (snapshot: Snapshot): string[] => [
  ...acceptedBookings(snapshot),
  ...acceptedCancellations(snapshot),
  ...givenUpBookings(snapshot),
  ...unfinishedRows(snapshot),
  ...snapshot.unpublished
    .filter(({ count }) => count > 0)
    .map(({ database, count }) => `${count} messages of ${database} are not published`),
  ...snapshot.deadLetters
    .filter(({ count }) => count > 0)
    .map(({ queue, count }) => `${count} dead letters in ${queue}`),
];

const acceptedBookings = ({ journal, bookings }: Snapshot): string[] => {
  const known = new Map(bookings.map((booking) => [booking.bookingId, booking]));
  return acceptedIn(journal, "book").flatMap((bookingId) => {
    const status = known.get(bookingId)?.status;
    if (status === undefined || status === "ABANDONED") {
      return [`booking ${bookingId} was accepted and is ${status ?? "not there"}`];
    }
    return [];
  });
};

/** A cancellation that was accepted while the payment ran takes effect with the payment's end. */
const acceptedCancellations = ({ journal, bookings }: Snapshot): string[] => {
  const known = new Map(bookings.map((booking) => [booking.bookingId, booking]));
  return acceptedIn(journal, "cancel").flatMap((bookingId) => {
    const status = known.get(bookingId)?.status;
    const cancelled = status === "CANCELLED" || status === "REFUNDED";
    return cancelled ? [] : [`cancelled booking ${bookingId} is ${status ?? "not there"}`];
  });
};

const acceptedIn = (journal: Snapshot["journal"], action: "book" | "cancel"): string[] => [
  ...new Set(
    journal
      .filter((entry) => entry.action === action && entry.status === 202)
      .map((entry) => fieldOf(entry, "bookingId") ?? "without id"),
  ),
];

const unfinishedRows = (snapshot: Snapshot): string[] => [
  ...snapshot.bookings
    .filter(({ status }) => !ended.includes(status))
    .map(({ bookingId, status }) => `booking ${bookingId} is still ${status}`),
  ...snapshot.payments
    .filter(({ state }) => !paymentEnded.includes(state))
    .map(({ paymentId, state }) => `payment ${paymentId} is still ${state}`),
  ...snapshot.bookingRefunds
    .filter(({ status }) => !refundEnded.includes(status))
    .map(({ refundId, status }) => `refund ${refundId} is still ${status}`),
];
