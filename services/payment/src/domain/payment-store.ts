import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { PaymentIntent } from "@jatra/contracts/http/payment.ts";
import type { Payment } from "./payment.ts";

/** What `settle` writes: the end of a payment, or its end that came to light late. */
export type Settlement = {
  readonly paymentId: string;
  readonly state: "CAPTURED" | "FAILED";
  readonly providerReference: string | undefined;
  readonly reason: string | undefined;
};

/** What is recorded and read. `undefined` (or false) means that somebody else was first, or that there is none. */
export type PaymentIntents = {
  /** False where the id or the booking has a row already. */
  readonly insertIntent: (
    paymentId: string,
    intent: PaymentIntent,
    requestId: string,
  ) => Promise<boolean>;
  /** Tombstones and unknown ids are `undefined`; `isTombstone` tells them apart. */
  readonly find: (paymentId: string) => Promise<Payment | undefined>;
  readonly findByBooking: (bookingId: string) => Promise<Payment | undefined>;
  readonly findMany: (paymentIds: readonly string[]) => Promise<Payment[]>;
  readonly isTombstone: (paymentId: string) => Promise<boolean>;
  /** False where there is a row already. */
  readonly insertTombstone: (paymentId: string) => Promise<boolean>;
  /** On payments that are with the provider: never send again, end as soon as the provider has told. */
  readonly requestClose: (paymentId: string) => Promise<void>;
  readonly findNewPastDeadline: (limit: number) => Promise<string[]>;
};

/** The steps of a payment: each write is one conditional statement, `undefined` where somebody else was first. */
export type PaymentSteps = {
  /** NEW → SENT for up to `limit` payments, each with an attempt and a lease; committed when it returns. */
  readonly leaseNew: (limit: number, leaseMs: number) => Promise<Payment[]>;
  /** SENT or UNKNOWN and due: pushes their due time on by a lease, so that no other pod asks meanwhile. */
  readonly leaseDue: (limit: number, leaseMs: number) => Promise<Payment[]>;
  /** UNKNOWN or SENT → SENT with one more attempt, unless closing was asked for or the deadline has passed. */
  readonly leaseAgain: (payment: Payment, leaseMs: number) => Promise<Payment | undefined>;
  /** SENT → UNKNOWN, by whoever ran this very attempt. */
  readonly markUnknown: (payment: Payment, outcome: string, dueInMs: number) => Promise<void>;
  /** The payer is sent to a page; asks the provider again in `dueInMs`. */
  readonly markRedirected: (payment: Payment, url: string, dueInMs: number) => Promise<void>;
  readonly postpone: (paymentId: string, dueInMs: number) => Promise<void>;
  /** Compare-and-set of ends, of different payments; the rows that it changed, as they are afterwards. */
  readonly settle: (tx: Queryable, settlements: readonly Settlement[]) => Promise<Payment[]>;
  /** NEW → CLOSED. */
  readonly closeNew: (
    tx: Queryable,
    paymentId: string,
    reason: string,
  ) => Promise<Payment | undefined>;
};

export type PaymentStore = PaymentIntents & PaymentSteps;
