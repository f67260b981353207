import { fieldOf } from "../client/journal.ts";
import { groupBy } from "../invariants/group-by.ts";
import type { Snapshot } from "../reading/snapshot.ts";

/**
 * Every booking that was accepted from a client of `bookOverCuts` has exactly one charge in the provider's ledger that wasn't
 * given back. I2 allows none as well; here all were to be charged.
 */
export const oneKeptChargeEach = ({ journal, bookings, ledger }: Snapshot): string[] => {
  const accepted = journal
    .filter(({ userId }) => userId.startsWith("retrier-"))
    .filter(({ action, status }) => action === "book" && status === 202)
    .map((entry) => fieldOf(entry, "bookingId") ?? "without id");
  const paymentOf = new Map(bookings.map((one) => [one.bookingId, one.paymentId]));
  const done = groupBy(
    ledger.filter(({ status }) => status === "captured" || status === "done"),
    ({ chargeReference }) => chargeReference,
  );
  return [...new Set(accepted)].flatMap((bookingId) => {
    const entries = done.get(paymentOf.get(bookingId) ?? "") ?? [];
    const charges = entries.filter(({ kind }) => kind === "charge").length;
    const refunds = entries.filter(({ kind }) => kind === "refund").length;
    const kept = charges - refunds;
    return kept === 1 ? [] : [`booking ${bookingId} keeps ${kept} charges (of ${charges})`];
  });
};
