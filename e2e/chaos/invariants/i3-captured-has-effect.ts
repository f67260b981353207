import type { Snapshot } from "../reading/snapshot.ts";

/** From the provider's answer to the confirmation or the refund. */
const EFFECT_WITHIN_MS = 60_000;

/** I3: within 60 s of the provider's charge its booking was confirmed or its refund asked for. */
export const i3CapturedHasEffect = ({
  at,
  ledger,
  bookings,
  bookingRefunds,
}: Snapshot): string[] => {
  const bookingOf = new Map(bookings.map((booking) => [booking.paymentId, booking]));
  const refundOf = new Map(bookingRefunds.map((refund) => [refund.paymentId, refund]));
  return ledger
    .filter(({ kind, status }) => kind === "charge" && status === "captured")
    .flatMap((charge) => {
      const effects = [
        bookingOf.get(charge.reference)?.confirmedAt?.getTime(),
        refundOf.get(charge.reference)?.requestedAt.getTime(),
      ].filter((time) => time !== undefined);
      const chargedMs = Date.parse(charge.at);
      const tookMs = (effects.length > 0 ? Math.min(...effects) : at.getTime()) - chargedMs;
      const seconds = Math.round(tookMs / 1000);
      if (effects.length === 0) {
        return [`payment ${charge.reference} was charged ${seconds} s ago, without any effect`];
      }
      return tookMs > EFFECT_WITHIN_MS
        ? [`payment ${charge.reference} had its effect ${seconds} s after its charge`]
        : [];
    });
};
