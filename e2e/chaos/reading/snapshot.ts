import type { LedgerEntry } from "@jatra/contracts/http/payment-simulator.ts";
import type { JournalEntry } from "../client/journal.ts";

/** What the checkers look at: rows of every database, the provider's own books and what the clients wrote down. */
export type Snapshot = {
  /** PostgreSQL's clock when the rows were read. */
  readonly at: Date;
  readonly locks: readonly LockRow[];
  readonly claims: readonly ClaimRow[];
  readonly bookings: readonly BookingRow[];
  readonly bookingRefunds: readonly BookingRefundRow[];
  readonly payments: readonly PaymentRow[];
  readonly paymentRefunds: readonly PaymentRefundRow[];
  readonly tickets: readonly TicketRow[];
  readonly ledger: readonly LedgerEntry[];
  readonly journal: readonly JournalEntry[];
  /** Messages that wait: rows of every outbox that no broker has confirmed. */
  readonly unpublished: readonly { readonly database: string; readonly count: number }[];
  /** Messages that a consumer gave up. */
  readonly deadLetters: readonly { readonly queue: string; readonly count: number }[];
};

export type LockRow = {
  readonly lockId: string;
  readonly journeyId: string;
  readonly userId: string | null;
  readonly seatIds: readonly string[];
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly state: "HELD" | "PAYING" | "SOLD" | "RELEASED" | "EXPIRED";
  readonly expiresAt: Date;
  readonly bookingId: string | null;
};

export type ClaimRow = {
  readonly journeyId: string;
  readonly seatId: string;
  readonly leg: number;
  readonly lockId: string;
  readonly state: "HELD" | "PAYING" | "SOLD";
};

export type BookingRow = {
  readonly bookingId: string;
  readonly lockId: string;
  readonly status: string;
  readonly userId: string | null;
  readonly journeyId: string | null;
  readonly amount: number | null;
  readonly paymentId: string | null;
  readonly paymentStatus: string;
  readonly seatIds: readonly string[];
  /** When it was confirmed, if it ever was. */
  readonly confirmedAt: Date | null;
};

export type BookingRefundRow = {
  readonly refundId: string;
  readonly bookingId: string;
  readonly paymentId: string;
  readonly amount: number;
  readonly status: string;
  readonly requestedAt: Date;
};

export type PaymentRow = {
  readonly paymentId: string;
  readonly bookingId: string | null;
  readonly userId: string | null;
  readonly amount: number | null;
  readonly state: string;
};

export type PaymentRefundRow = {
  readonly refundId: string;
  readonly paymentId: string;
  readonly bookingId: string;
  readonly amount: number;
  readonly state: string;
};

export type TicketRow = {
  readonly ticketId: string;
  readonly bookingId: string;
  readonly passengerIndex: number;
  readonly userId: string;
  readonly journeyId: string;
  readonly seatId: string;
  readonly state: "VALID" | "USED" | "VOID";
};
