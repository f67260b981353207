import type {
  BookingRow,
  ClaimRow,
  LockRow,
  PaymentRow,
  Snapshot,
  TicketRow,
} from "../reading/snapshot.ts";
import { groupBy } from "./group-by.ts";

const live: readonly string[] = ["PAYMENT_PENDING", "PAYMENT_PROCESSING"];

/**
 * I9: CONFIRMED ⇔ exactly its claims SOLD ⇔ a valid ticket a passenger; PAYING ⇒ a live booking; refunds ≤ captured = price.
 */
export const i9SoldPaidTicketed = (snapshot: Snapshot): string[] => {
  const locks = new Map(snapshot.locks.map((lock) => [lock.lockId, lock]));
  const claims = groupBy(snapshot.claims, ({ lockId }) => lockId);
  const tickets = groupBy(snapshot.tickets, ({ bookingId }) => bookingId);
  return [
    ...snapshot.bookings.flatMap((booking) => {
      const { bookingId, lockId, status } = booking;
      const good = (tickets.get(bookingId) ?? []).filter(({ state }) => state !== "VOID");
      const parts = { booking, lock: locks.get(lockId), claims: claims.get(lockId) ?? [], good };
      return status === "CONFIRMED" ? confirmed(parts) : unconfirmed(parts);
    }),
    ...ownerless(snapshot),
    ...money(snapshot),
  ];
};

type Parts = {
  readonly booking: BookingRow;
  readonly lock: LockRow | undefined;
  readonly claims: readonly ClaimRow[];
  readonly good: readonly TicketRow[];
};

const confirmed = ({ booking, lock, claims, good }: Parts): string[] => {
  const { bookingId, seatIds } = booking;
  const violations: string[] = [];
  const sold = new Set(claims.filter(({ state }) => state === "SOLD").map(({ seatId }) => seatId));
  if (lock?.state !== "SOLD" || sortedText(sold) !== sortedText(seatIds)) {
    violations.push(
      `confirmed ${bookingId}: lock ${lock?.state ?? "gone"}, sold [${sortedText(sold)}]`,
    );
  }
  const ticketed = good.map(({ seatId }) => seatId);
  if (sortedText(ticketed) !== sortedText(seatIds)) {
    violations.push(`confirmed ${bookingId}: tickets for [${sortedText(ticketed)}]`);
  }
  return violations;
};

const unconfirmed = ({ booking, lock, claims, good }: Parts): string[] => {
  const { bookingId, status } = booking;
  const violations: string[] = [];
  if (good.length > 0) violations.push(`${status} ${bookingId} has ${good.length} valid tickets`);
  const waiting = live.includes(status);
  if (!waiting && claims.length > 0) {
    violations.push(`${status} ${bookingId} keeps ${claims.length} claims (${lock?.state})`);
  }
  return violations;
};

/** Seats in payment or sold without a booking that says so. */
const ownerless = ({ locks, bookings, tickets }: Snapshot): string[] => {
  const statusOf = new Map(bookings.map(({ bookingId, status }) => [bookingId, status]));
  const wrong = locks.filter(({ state, bookingId }) => {
    const status = statusOf.get(bookingId ?? "");
    if (state === "PAYING") return status === undefined || !live.includes(status);
    return state === "SOLD" && status !== "CONFIRMED";
  });
  return [
    ...wrong.map(({ lockId, state, bookingId }) => {
      const status = statusOf.get(bookingId ?? "") ?? "gone";
      return `lock ${lockId} is ${state}, its booking ${status}`;
    }),
    ...tickets
      .filter(({ bookingId }) => !statusOf.has(bookingId))
      .map(({ ticketId }) => `ticket ${ticketId} is of no booking`),
  ];
};

const money = ({ bookings, payments, paymentRefunds, ledger }: Snapshot): string[] => {
  const priceOf = new Map(bookings.map(({ paymentId, amount }) => [paymentId, amount]));
  const returned = groupBy(
    ledger.filter(({ kind, status }) => kind === "refund" && status === "done"),
    ({ chargeReference }) => chargeReference,
  );
  const charges = ledger.filter(({ kind, status }) => kind === "charge" && status === "captured");
  const charged = new Set(charges.map(({ reference }) => reference));
  return [
    ...charges
      .filter(({ reference, amount }) => priceOf.get(reference) !== amount)
      .map(({ reference, amount }) => `payment ${reference}: ${amount} isn't the price`),
    ...[...returned].flatMap(([paymentId, entries]) => {
      const back = entries.reduce((sum, { amount }) => sum + amount, 0);
      const price = priceOf.get(paymentId) ?? 0;
      return back > price ? [`payment ${paymentId}: ${back} of ${price} given back`] : [];
    }),
    ...payments
      .filter((payment) => payment.state === "CAPTURED" && !charged.has(payment.paymentId))
      .map(({ paymentId }) => `payment ${paymentId} is captured, the provider knows nothing`),
    ...paymentRefunds
      .filter((refund) => refund.amount > capturedBy(payments, refund.paymentId))
      .map(({ refundId }) => `refund ${refundId} is more than was captured`),
  ];
};

const capturedBy = (payments: readonly PaymentRow[], paymentId: string): number => {
  const payment = payments.find((one) => one.paymentId === paymentId);
  return payment?.state === "CAPTURED" ? (payment.amount ?? 0) : 0;
};

const sortedText = (seatIds: Iterable<string>): string => [...seatIds].sort().join(" ");
