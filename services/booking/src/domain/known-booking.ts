import type { Identity } from "@jatra/contracts/identity.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { accepted, type Reply } from "@jatra/common/http/reply.ts";
import type { IdempotentRun } from "@jatra/common/idempotency/idempotent-run.ts";
import type { BookingRecord } from "./booking-record.ts";
import { lookAgain } from "./look-again.ts";
import type { PaymentPace } from "./payment-pace.ts";
import type { Stores } from "./stores.ts";

/** Who wants to know, and where the answer is kept. */
export type Asker = {
  readonly identity: Identity;
  readonly idempotency: IdempotentRun | undefined;
  readonly pace: PaymentPace;
};

/** The lock is gone for the caller: the booking that took it answers, if it is the caller's. */
export const answerKnown = async (
  stores: Stores,
  bookingId: string,
  asker: Asker,
  refusal: Problem,
): Promise<Reply> => {
  const state = await stores.bookings.stateOf(bookingId);
  // «not_found» says that the lock isn't the caller's: nothing else may be told about it.
  const hidden = state === "ABANDONED" && refusal.code === "not_found";
  if (state === undefined || hidden) throw refusal;
  return replyOfKnown(stores, bookingId, asker, refusal);
};

/** Hour 25, or another key: the lock's one booking answers again; another user's doesn't exist. */
export const replyOfKnown = async (
  stores: Stores,
  bookingId: string,
  { identity, idempotency, pace }: Asker,
  refusal = new Problem("not_found"),
): Promise<Reply> => {
  const known = await stores.bookings.find(bookingId);
  if (!known) throw new Problem("booking_abandoned");
  if (known.userId !== identity.userId) throw refusal;
  const reply = answer(known, pace);
  await stores.complete(idempotency, reply);
  return reply;
};

/** 202 with the booking's place, and when to look there. */
export const answer = (
  booking: Pick<
    BookingRecord,
    "bookingId" | "status" | "amount" | "currency" | "paymentMethod" | "createdAt"
  >,
  pace: PaymentPace,
): Reply => {
  const { bookingId, status, amount, currency } = booking;
  const reply = accepted(`/api/bookings/${bookingId}`, { bookingId, status, amount, currency });
  return { ...reply, headers: { ...reply.headers, ...lookAgain(pace, booking) } };
};
