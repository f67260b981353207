import { Gauge } from "prom-client";
import { oncePerRegistry } from "../metrics/once-per-registry.ts";
import { gather } from "../service/gather.ts";
import { runPeriodically } from "../service/run-periodically.ts";
import { createSender } from "./create-sender.ts";
import {
  LEASE_SECONDS,
  leasePending,
  markPublished,
  readBacklog,
  type PendingMessage,
} from "./outbox-store.ts";
import { publishRows, type RelayDependencies } from "./publish-rows.ts";
import { sweepOutbox } from "./sweep-outbox.ts";

export type OutboxRelay = {
  /** Publishes one batch; answers how many were confirmed. */
  readonly runOnce: () => Promise<number>;
  /** To be called after a commit that appended: publishes in a moment instead of at the next poll. */
  readonly wake: () => void;
  /** Publishes, in a moment, what `appendLeased` has answered; only once that has committed. */
  readonly send: (messages: readonly PendingMessage[]) => void;
  /** Ends after what is under way. */
  readonly stop: () => Promise<void>;
};

/** In flight at the broker at a time; larger batches gain nothing, a confirm covers many messages at once. */
const BATCH_ROWS = 100;
/** Finds what a pod left that died between commit and publish, or whose `wake` found nothing. */
const POLL_MS = 1_000;
/** Commits of this time are published together: two statements and two flushes a batch, whatever its size. */
const GATHER_MS = 5;
/** A count over the pending rows; Prometheus doesn't look more often than each 15 s. */
const BACKLOG_EVERY_MS = 5_000;
/** What is swept is hours old, so a minute more or less is nothing. */
const SWEEP_EVERY_MS = 60_000;

const relayMetrics = oncePerRegistry((registry) => ({
  pending: new Gauge({
    name: "outbox_pending",
    help: "Messages that are committed and not yet confirmed, of the whole service",
    registers: [registry],
  }),
  oldestSeconds: new Gauge({
    name: "outbox_oldest_pending_seconds",
    help: "Age of the oldest of them",
    registers: [registry],
  }),
}));

/**
 * Publishes the outbox in the background, at least once, in no particular order (consumers go by versions and ids). Any
 * number of relays may run over one table: rows are leased with SKIP LOCKED, and each is marked on its own confirm.
 */
export const startOutboxRelay = (dependencies: RelayDependencies): OutboxRelay => {
  const { pool, logger, metrics } = dependencies;
  const gauges = relayMetrics(metrics);
  const runOnce = (): Promise<number> => relayBatch(dependencies);
  const relay = runPeriodically({
    name: "outbox-relay",
    everyMs: POLL_MS,
    run: async () => {
      // A full batch means that more wait. Failures leave the loop: they come back after their pause.
      while ((await runOnce()) === BATCH_ROWS);
    },
    logger,
    metrics,
  });
  const backlog = runPeriodically({
    name: "outbox-backlog",
    everyMs: BACKLOG_EVERY_MS,
    run: async () => {
      const { pending, oldestSeconds } = await readBacklog(pool);
      gauges.pending.set(pending);
      gauges.oldestSeconds.set(oldestSeconds);
    },
    logger,
    metrics,
  });
  const sweep = runPeriodically({
    name: "outbox-sweep",
    everyMs: SWEEP_EVERY_MS,
    run: async () => void (await sweepOutbox({ pool })),
    logger,
    metrics,
  });
  const sender = createSender(dependencies);
  return {
    runOnce,
    wake: gather(GATHER_MS, relay.wake),
    send: sender.send,
    stop: async () => {
      await Promise.all([relay.stop(), sender.stop(), backlog.stop(), sweep.stop()]);
    },
  };
};

const relayBatch = async (dependencies: RelayDependencies): Promise<number> => {
  const { pool, rabbit } = dependencies;
  // Leasing rows that can't be published would only write to the table, once a second for the whole outage.
  if (rabbit.isReady?.() === false) return 0;
  const rows = await leasePending(pool, BATCH_ROWS, LEASE_SECONDS);
  if (rows.length === 0) return 0;
  return publishRows(rows, (ids) => markPublished(pool, ids), dependencies);
};
