import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { PaymentStore } from "../domain/payment-store.ts";
import { createIntents } from "./create-intents.ts";
import * as leases from "./payment-leases.ts";

/** Payments in payment_db. Statements on the hot path are named, so that PostgreSQL plans them once. */
export const createPaymentStore = (database: Queryable): PaymentStore => ({
  ...createIntents(database),
  leaseNew: (limit, leaseMs) => leases.leaseNew(database, limit, leaseMs),
  leaseDue: (limit, leaseMs) => leases.leaseDue(database, limit, leaseMs),
  leaseAgain: (payment, leaseMs) => leases.leaseAgain(database, payment, leaseMs),
  markUnknown: (payment, outcome, dueInMs) =>
    leases.markUnknown(database, payment, outcome, dueInMs),
  markRedirected: (payment, url, dueInMs) => leases.markRedirected(database, payment, url, dueInMs),
  postpone: (paymentId, dueInMs) => leases.postpone(database, paymentId, dueInMs),
  settle: leases.settle,
  closeNew: leases.closeNew,
});
