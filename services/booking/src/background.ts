import type { Logger } from "@jatra/common/logging/logger.ts";
import { countUnlikeReplies } from "@jatra/common/idempotency/count-unlike-replies.ts";
import { sweepIdempotencyKeys } from "@jatra/common/idempotency/sweep-idempotency-keys.ts";
import type { RabbitConnection } from "@jatra/common/messaging/connection.ts";
import { invariantViolations } from "@jatra/common/metrics/invariant-violations.ts";
import type { Metrics } from "@jatra/common/metrics/metrics.ts";
import { startOutboxRelay } from "@jatra/common/outbox/outbox-relay.ts";
import { sweepInbox } from "@jatra/common/outbox/sweep-inbox.ts";
import type { Redis } from "@jatra/common/redis/client.ts";
import { runPeriodically, type PeriodicRun } from "@jatra/common/service/run-periodically.ts";
import type { Lifecycle } from "@jatra/common/service/serve.ts";
import type pg from "pg";
import { bookingMetrics } from "./booking-metrics.ts";
import { processPayments } from "./consumers/process-payments.ts";
import { takeInPaymentEvents } from "./consumers/take-in-payment-events.ts";
import { takeInTickets } from "./consumers/take-in-tickets.ts";
import { createBookingBatches } from "./data/booking-batches.ts";
import { createBookingStore } from "./data/booking-store.ts";
import { countUnfinished } from "./data/count-unfinished.ts";
import { createSweeps } from "./data/sweep-store.ts";
import { createSharedTransact, createTransact, type Work } from "./data/transact.ts";
import type { Payments } from "./domain/neighbours.ts";
import type { PaymentPace } from "./domain/payment-pace.ts";
import type { Transact } from "./domain/stores.ts";
import { sweepOverduePayments } from "./domain/sweep-overdue-payments.ts";
import { sweepRefunds } from "./domain/sweep-refunds.ts";
import { sweepUntoldEnds } from "./domain/sweep-untold-ends.ts";
import { sweepStuckPayments } from "./domain/sweep-stuck-payments.ts";

export type BackgroundDependencies = {
  readonly pool: pg.Pool;
  readonly redis: Redis;
  readonly rabbit: RabbitConnection;
  readonly payments: Payments;
  readonly pace: PaymentPace;
  readonly retriesMax: number;
  readonly idempotencyTtlSeconds: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly lifecycle: Lifecycle;
};

/** Half of the 10 s that every repair may take at most. */
const SWEEP_EVERY_MS = 5_000;
/** As often as Prometheus looks. */
const COUNT_EVERY_MS = 10_000;
/** What these delete is no longer read: once a minute keeps each run short. */
const CLEAN_EVERY_MS = 60_000;

/** Ends of payments a transaction: some ms of row locks. Their passengers were told to look again after a second at the earliest. */
const ENDS = { itemsMax: 64, runningMax: 2, gatherMs: 10 } as const;
/** New bookings a transaction; their clients do wait. */
const NEW_BOOKINGS = { itemsMax: 32, runningMax: 2, crowdMs: 5 } as const;

/**
 * Starts relay, consumers and sweepers; the lifecycle ends them. Answers the transactions whose messages the relay sends, each its own and
 * those that new bookings share.
 */
export const startBackground = (
  dependencies: BackgroundDependencies,
): { readonly transact: Transact; readonly transactTogether: Transact } => {
  const { pool, rabbit, lifecycle } = dependencies;
  const relay = startOutboxRelay(dependencies);
  lifecycle.onStop("outbox relay", relay.stop);
  // Transactions wake the sweepers, which run transactions: the sweepers are there by the time of the first commit.
  const afterwards = { wake: (work: Work): void => sweepers[work].wake(), send: relay.send };
  const transact = createTransact(pool, afterwards);
  const sweepers = startSweepers(dependencies, transact);
  const bookings = { ...createBookingStore(pool), ...createBookingBatches(pool) };
  const consumers = [
    processPayments({ ...dependencies, bookings, transact }),
    takeInPaymentEvents({
      ...dependencies,
      transact: createSharedTransact(pool, ENDS, afterwards),
    }),
    takeInTickets(bookings),
  ].map((consumer) => rabbit.consume(consumer));
  // Registered last, so ended first: handlers still need the sweepers' and the relay's pool.
  lifecycle.onStop("consumers", async () => {
    await Promise.all(consumers.map((consumer) => consumer.stop()));
  });
  return { transact, transactTogether: createSharedTransact(pool, NEW_BOOKINGS, afterwards) };
};

const startSweepers = (
  dependencies: BackgroundDependencies,
  transact: Transact,
): Record<Work, PeriodicRun> => {
  const { pool, logger, metrics, lifecycle, idempotencyTtlSeconds } = dependencies;
  const shared = { ...dependencies, sweeps: createSweeps(pool), transact };
  const every = (everyMs: number, name: string, run: () => Promise<number | void>): PeriodicRun => {
    const periodic = runPeriodically({ name, everyMs, run, logger, metrics });
    lifecycle.onStop(name, periodic.stop);
    return periodic;
  };
  every(SWEEP_EVERY_MS, "stuck-payments", () => sweepStuckPayments(shared));
  every(SWEEP_EVERY_MS, "untold-ends", () => sweepUntoldEnds(shared));
  every(COUNT_EVERY_MS, "count-unfinished", () => tellUnfinished(pool, metrics));
  const keys = { pool, ttlSeconds: idempotencyTtlSeconds };
  every(
    CLEAN_EVERY_MS,
    "old-idempotency-keys",
    async () => void (await sweepIdempotencyKeys(keys)),
  );
  every(CLEAN_EVERY_MS, "compare-replies", async () =>
    invariantViolations(metrics).set({ invariant: "I6" }, await countUnlikeReplies(dependencies)),
  );
  every(CLEAN_EVERY_MS, "old-inbox", async () => void (await sweepInbox({ pool })));
  return {
    refunds: every(SWEEP_EVERY_MS, "open-refunds", () => sweepRefunds(shared)),
    "overdue payments": every(SWEEP_EVERY_MS, "overdue-payments", () =>
      sweepOverduePayments(shared),
    ),
  };
};

const tellUnfinished = async (pool: pg.Pool, metrics: Metrics): Promise<void> => {
  const { live, overdue, refundsUnsent, refundsFailed, unticketed } = await countUnfinished(pool);
  const gauges = bookingMetrics(metrics);
  gauges.live.set(live);
  gauges.refundsFailed.set(refundsFailed);
  const violations = invariantViolations(metrics);
  violations.set({ invariant: "I3" }, refundsUnsent);
  violations.set({ invariant: "I8" }, overdue);
  violations.set({ invariant: "I9" }, unticketed);
};
