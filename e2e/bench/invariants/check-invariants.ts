import type { HttpClient } from "../load/http-client.ts";
import type { JournalEntry } from "../load/buy-ticket.ts";
import type { BenchPlatform } from "../platform/start-platform.ts";
import { readBooks, type Books } from "./read-books.ts";

export type Violations = Readonly<Record<`I${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}`, number>>;

/** Buyers who send their request again, and strangers who look: enough to see, few enough not to be a load. */
const SAMPLE = 50;

/**
 * Counts violations of I1-I9 after a run without faults, when every booking has ended, from the databases, the provider's
 * ledger and the buyers' journal.
 */
export const checkInvariants = async (
  platform: BenchPlatform,
  client: HttpClient,
  journal: readonly JournalEntry[],
): Promise<Violations> => {
  const sample = journal.slice(0, SAMPLE);
  const [repeats, strangers] = [
    await countOtherAnswers(client, sample),
    await countStrangers(client, sample),
  ];
  const books = await readBooks(platform);
  return {
    I1: books.doubleClaims,
    I2: [...books.capturesKept.values()].filter((kept) => kept > 1).length,
    I3: books.bookings.filter((booking) => isCapturedForNothing(booking, books)).length,
    I4: books.overdueHolds,
    I5: books.partialLocks,
    I6: repeats,
    I7: strangers,
    I8: countUnfinished(journal, books),
    I9: books.bookings.filter((booking) => isInconsistent(booking, books)).length,
  };
};

export const showViolations = (violations: Violations): string =>
  Object.entries(violations)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");

export const isClean = (violations: Violations): boolean =>
  Object.values(violations).every((count) => count === 0);

const countOtherAnswers = async (
  client: HttpClient,
  sample: readonly JournalEntry[],
): Promise<number> => {
  let others = 0;
  for (const { buyer, request, text } of sample) {
    const answer = await client.send("POST", "/api/bookings", {
      body: request.body,
      token: buyer.token,
      headers: { "idempotency-key": request.key },
    });
    if (answer.status !== 202 || answer.text !== text) others++;
  }
  return others;
};

const countStrangers = async (
  client: HttpClient,
  sample: readonly JournalEntry[],
): Promise<number> => {
  let admitted = 0;
  for (const { buyer, bookingId } of sample) {
    const stranger = sample.find((other) => other.buyer.userId !== buyer.userId)?.buyer;
    if (!stranger) continue;
    const { token } = stranger;
    const answer = await client.send("GET", `/api/bookings/${bookingId}`, { token });
    if (answer.status !== 404) admitted++;
  }
  return admitted;
};

type Booking = Books["bookings"][number];

const isCapturedForNothing = (booking: Booking, { capturesKept }: Books): boolean =>
  booking.status !== "CONFIRMED" && (capturesKept.get(booking.paymentId) ?? 0) > 0;

const terminal: readonly string[] = ["CONFIRMED", "PAYMENT_FAILED", "CANCELLED", "REFUNDED"];

const countUnfinished = (journal: readonly JournalEntry[], { bookings }: Books): number => {
  const ended = new Set(
    bookings.filter(({ status }) => terminal.includes(status)).map(({ bookingId }) => bookingId),
  );
  return journal.filter(({ bookingId }) => !ended.has(bookingId)).length;
};

/** CONFIRMED ⇔ exactly its claims SOLD ⇔ a valid ticket a passenger, paid once, at its price. */
const isInconsistent = (booking: Booking, books: Books): boolean => {
  const confirmed = booking.status === "CONFIRMED";
  const lock = books.locks.get(booking.lockId);
  const sold = lock !== undefined && lock.state === "SOLD" && lock.sold === lock.wanted;
  const tickets = books.tickets.get(booking.bookingId) ?? 0;
  if (!confirmed) return sold || tickets > 0;
  const paid = books.amountsKept.get(booking.paymentId) === booking.amount;
  return !sold || tickets !== booking.passengers || !paid;
};
