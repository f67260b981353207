import type { ServiceName } from "../platform/service-table.ts";

/**
 * A point of the protocol as it is seen from outside: when `query` finds a row in the database of `seenIn`, the victim
 * stands just there with some of its work. What is between two commits of one process shows as the first one's row
 * without the second one's.
 */
export type CrashMoment = {
  readonly name: string;
  readonly victim: ServiceName;
  readonly seenIn: ServiceName;
  readonly query: string;
};

const young = (column: string): string => `${column} > now() - interval '2 seconds'`;

export const crashMoments: readonly CrashMoment[] = [
  {
    name: "seat-reservation after a claim's commit, before its answer",
    victim: "seat-reservation",
    seenIn: "seat-reservation",
    query: `SELECT 1 FROM locks WHERE state = 'HELD' AND ${young("created_at")}`,
  },
  {
    name: "booking after the lock went into payment, before its own commit",
    victim: "booking",
    seenIn: "seat-reservation",
    query: "SELECT 1 FROM locks WHERE state = 'PAYING' AND resolve_at > now() + interval '59 s'",
  },
  {
    name: "booking after its commit, before the publish",
    victim: "booking",
    seenIn: "booking",
    query: "SELECT 1 FROM outbox WHERE published_at IS NULL AND routing_key = 'payment.process'",
  },
  {
    name: "booking after the claim of a payment, before payment-service has it",
    victim: "booking",
    seenIn: "booking",
    query: `SELECT 1 FROM booking_history WHERE status = 'PAYMENT_PROCESSING' AND ${young("at")}`,
  },
  {
    name: "payment with a new intent, before it is sent",
    victim: "payment",
    seenIn: "payment",
    query: "SELECT 1 FROM payments WHERE state = 'NEW'",
  },
  {
    name: "payment after SENT was committed, before the provider's answer",
    victim: "payment",
    seenIn: "payment",
    query: `SELECT 1 FROM payments WHERE state = 'SENT' AND ${young("sent_at")}`,
  },
  {
    name: "payment after the provider's charge, before it is written down",
    victim: "payment",
    seenIn: "payment-simulator",
    query: `SELECT 1 FROM entries WHERE kind = 'charge' AND at > now() - interval '200 ms'`,
  },
  {
    name: "payment after the capture's commit, before the publish",
    victim: "payment",
    seenIn: "payment",
    query: "SELECT 1 FROM outbox WHERE published_at IS NULL",
  },
  {
    name: "booking after the confirmation's commit, before the publish",
    victim: "booking",
    seenIn: "booking",
    query: "SELECT 1 FROM outbox WHERE published_at IS NULL AND routing_key LIKE 'booking.%'",
  },
  {
    name: "seat-reservation as a confirmation comes, around the sale and its ack",
    victim: "seat-reservation",
    seenIn: "booking",
    query: `SELECT 1 FROM booking_history WHERE status = 'CONFIRMED' AND ${young("at")}`,
  },
  {
    name: "ticket as a confirmation comes, around the issue and its ack",
    victim: "ticket",
    seenIn: "booking",
    query: `SELECT 1 FROM booking_history WHERE status = 'CONFIRMED' AND ${young("at")}`,
  },
  {
    name: "payment with a refund asked for or sent",
    victim: "payment",
    seenIn: "payment",
    query: "SELECT 1 FROM refunds WHERE state IN ('REQUESTED', 'SENT')",
  },
];
