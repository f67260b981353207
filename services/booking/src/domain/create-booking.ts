import type { CreateBookingBody } from "@jatra/contracts/http/booking.ts";
import type { PaidLock, PricedLock } from "@jatra/contracts/http/seat-reservation.ts";
import type { Identity } from "@jatra/contracts/identity.ts";
import type { Quote } from "@jatra/contracts/quote.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import type { Reply } from "@jatra/common/http/reply.ts";
import type { IdempotentRun } from "@jatra/common/idempotency/idempotent-run.ts";
import { bookingIdOf, paymentIdOf } from "./booking-ids.ts";
import type { NewBooking } from "./booking-record.ts";
import { hashLockToken } from "./hash-lock-token.ts";
import { answer, answerKnown, replyOfKnown } from "./known-booking.ts";
import type { LockClaim, SeatReservation } from "./neighbours.ts";
import { paymentMessageOf } from "./payment-message.ts";
import type { PaymentPace } from "./payment-pace.ts";
import type { Stores, Transact } from "./stores.ts";

export type CreateBookingRequest = {
  readonly body: CreateBookingBody;
  readonly identity: Identity;
  readonly requestId: string;
  readonly idempotency: IdempotentRun | undefined;
};

export type CreateBookingDependencies = {
  readonly seats: SeatReservation;
  readonly transact: Transact;
  /** Shared with others that come at the same time. */
  readonly transactTogether: Transact;
  readonly paymentDeadlineSeconds: number;
  readonly pace: PaymentPace;
};

/** The lock is no longer to be had, perhaps because this very booking has it. */
const goneCodes: readonly string[] = [
  "not_found",
  "lock_expired",
  "lock_in_payment",
  "journey_departed",
];

/**
 * Books a lock's seats: (a) price and (b) the lock into payment, for which seat-reservation is asked once, then (c) booking,
 * outbox row and idempotency row in one transaction. A crash between (b) and (c) is healed by the client's retry, which
 * repeats (b), or by `resolveBooking`. Throws `booking_abandoned` and what seat-reservation refuses.
 */
export const createBooking = async (
  request: CreateBookingRequest,
  dependencies: CreateBookingDependencies,
): Promise<Reply> => {
  const claim = claimOf(request);
  const asked = { ...request, pace: dependencies.pace };
  try {
    const priced = await dependencies.seats.payLock(claim, request.requestId);
    return await writeDown(newBookingOf(request, priced, dependencies), asked, dependencies);
  } catch (error) {
    if (!(error instanceof Problem) || !goneCodes.includes(error.code)) throw error;
    return dependencies.transact((stores) => answerKnown(stores, claim.bookingId, asked, error));
  }
};

const claimOf = ({ body, identity }: CreateBookingRequest): LockClaim => ({
  lockId: body.lockId,
  bookingId: bookingIdOf(body.lockId),
  userId: identity.userId,
  lockTokenHash: body.lockToken === undefined ? undefined : hashLockToken(body.lockToken),
  passengers: body.passengers.length,
  expectedAmount: body.expectedAmount,
});

const newBookingOf = (
  { body, identity, requestId }: CreateBookingRequest,
  { lock, quote }: PricedLock,
  { paymentDeadlineSeconds }: CreateBookingDependencies,
): NewBooking => {
  const bookingId = bookingIdOf(body.lockId);
  return {
    bookingId,
    lockId: body.lockId,
    userId: identity.userId,
    email: identity.email,
    journeyId: lock.journeyId,
    trip: { train: quote.train, from: quote.from, to: quote.to },
    departsAt: new Date(quote.departsAt),
    fareVersionId: quote.fareVersionId,
    passengers: passengersOf(body, lock, quote),
    amount: quote.total,
    currency: quote.currency,
    paymentId: paymentIdOf(bookingId),
    paymentMethod: body.paymentMethod,
    paymentDetails: body.paymentDetails ?? {},
    paymentDeadlineSeconds,
    requestId,
  };
};

/** Passenger n gets seat n of the lock. */
const passengersOf = (
  { passengers }: CreateBookingBody,
  { seatIds }: PaidLock,
  quote: Quote,
): NewBooking["passengers"] =>
  passengers.map(({ name }, index) => {
    const seat = quote.seats.find(({ seatId }) => seatId === seatIds[index]);
    if (!seat) throw new Error(`no price for seat ${seatIds[index] ?? "none"}`);
    const { seatId, coach, class: travelClass, amount } = seat;
    return { name, seatId, coach, class: travelClass, fareAmount: amount };
  });

type Asked = CreateBookingRequest & Pick<CreateBookingDependencies, "pace">;

const writeDown = async (
  booking: NewBooking,
  request: Asked,
  { transact, transactTogether }: CreateBookingDependencies,
): Promise<Reply> => {
  try {
    return await transactTogether((stores) => writeNew(stores, booking, request));
  } catch (error) {
    if (!(error instanceof LockHasBooking)) throw error;
    return transact((stores) => replyOfKnown(stores, booking.bookingId, request));
  }
};

/** Thrown inside the transaction, so that nothing of it stays. */
class LockHasBooking extends Error {
  override readonly name = "LockHasBooking";
}

/** All three are sent together: that the lock has no booking yet is what nearly always turns out. */
const writeNew = async (stores: Stores, booking: NewBooking, request: Asked): Promise<Reply> => {
  const fresh = { status: "PAYMENT_PENDING", createdAt: new Date() } as const;
  const reply = answer({ ...booking, ...fresh }, request.pace);
  const [inserted] = await Promise.all([
    stores.bookings.insert(booking),
    stores.publishPayment(paymentMessageOf(booking), request.requestId),
    stores.complete(request.idempotency, reply),
  ]);
  if (!inserted) throw new LockHasBooking();
  return reply;
};
