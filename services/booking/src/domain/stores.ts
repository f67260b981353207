import type { BookingEvent } from "@jatra/contracts/messages/booking-event.ts";
import type { BookingStatus } from "@jatra/contracts/http/booking.ts";
import type { PaymentProcess } from "@jatra/contracts/messages/payment-process.ts";
import type { QueueName } from "@jatra/contracts/topology.ts";
import type { IdempotentRun } from "@jatra/common/idempotency/idempotent-run.ts";
import type { Reply } from "@jatra/common/http/reply.ts";
import type { BookingRecord, NewBooking, PaymentStatus, RefundRecord } from "./booking-record.ts";
import type { BookingState } from "./booking-states.ts";

export type PaymentOutcome = {
  readonly status: PaymentStatus;
  readonly attempts: number;
  readonly reason: string | undefined;
};

export type BookingStore = {
  /** False where the lock has a booking (or a tombstone) already; then nothing was written. */
  readonly insert: (booking: NewBooking) => Promise<boolean>;
  readonly insertTombstone: (bookingId: string, lockId: string) => Promise<void>;
  readonly stateOf: (bookingId: string) => Promise<BookingState | undefined>;
  readonly find: (bookingId: string) => Promise<BookingRecord | undefined>;
  /** The row stays locked until the transaction ends. */
  readonly findForUpdate: (bookingId: string) => Promise<BookingRecord | undefined>;
  /**
   * Compare-and-set, with the outcome of the payment where that changed it; answers when it happened, `undefined` where
   * the booking is not the one that was read.
   */
  readonly changeStatus: (
    booking: Pick<BookingRecord, "bookingId" | "status" | "version">,
    to: BookingStatus,
    payment?: PaymentOutcome,
  ) => Promise<Date | undefined>;
  /**
   * PAYMENT_PENDING → PAYMENT_PROCESSING, unless its owner wants it cancelled; the booking as it is then, `undefined` where
   * nothing changed.
   */
  readonly beginPayment: (bookingId: string) => Promise<BookingRecord | undefined>;
  readonly recordPayment: (bookingId: string, payment: PaymentOutcome) => Promise<void>;
  readonly requestCancel: (bookingId: string) => Promise<void>;
  /** The payment is to be closed before its deadline: no delivery went through. */
  readonly requestClose: (bookingId: string) => Promise<void>;
  /** The first tickets stay. False where the booking is unknown. */
  readonly setTickets: (bookingId: string, ticketIds: readonly string[]) => Promise<boolean>;
};

export type RefundStore = {
  readonly find: (bookingId: string) => Promise<RefundRecord | undefined>;
  /** Does nothing where the booking has its refund already. */
  readonly request: (refund: Omit<RefundRecord, "status">, captured: number) => Promise<void>;
  readonly markSent: (refundId: string) => Promise<void>;
  /** Compare-and-set of an open refund; false where it had ended before. */
  readonly end: (
    refundId: string,
    status: "DONE" | "FAILED",
    reason: string | undefined,
  ) => Promise<boolean>;
};

/** Everything that one transaction may touch. */
export type Stores = {
  readonly bookings: BookingStore;
  readonly refunds: RefundStore;
  readonly publishEvent: (event: BookingEvent, requestId: string) => Promise<void>;
  readonly publishPayment: (message: PaymentProcess, requestId: string) => Promise<void>;
  /** False where this message was taken in before. */
  readonly recordMessage: (queue: QueueName, messageId: string) => Promise<boolean>;
  /** Writes the answer down with the work, under the request's idempotency key (if it has one). */
  readonly complete: (run: IdempotentRun | undefined, reply: Reply) => Promise<void>;
  /** The database's clock: it decides every deadline. */
  readonly now: () => Promise<Date>;
};

/** Runs `work` in one transaction. */
export type Transact = <T>(work: (stores: Stores) => Promise<T>) => Promise<T>;
