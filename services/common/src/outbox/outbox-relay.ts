import { Counter, Gauge } from "prom-client";
import type pg from "pg";
import type { Logger } from "../logging/logger.ts";
import type { RabbitConnection } from "../messaging/connection.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { oncePerRegistry } from "../metrics/once-per-registry.ts";
import { gather } from "../service/gather.ts";
import { runPeriodically } from "../service/run-periodically.ts";
import {
  leasePending,
  markPublished,
  postpone,
  readBacklog,
  type PendingMessage,
} from "./outbox-store.ts";
import { pauseSecondsAfter } from "./pause-after-failure.ts";
import { sweepOutbox } from "./sweep-outbox.ts";

export type OutboxRelay = {
  /** Publishes one batch; answers how many were confirmed. */
  readonly runOnce: () => Promise<number>;
  /** To be called after a commit that appended: publishes in a moment instead of at the next poll. */
  readonly wake: () => void;
  /** Ends after the batch that is under way. */
  readonly stop: () => Promise<void>;
};

type Dependencies = {
  readonly pool: pg.Pool;
  readonly rabbit: Pick<RabbitConnection, "publish"> & Partial<Pick<RabbitConnection, "isReady">>;
  readonly logger: Logger;
  readonly metrics: Metrics;
};

/** In flight at the broker at a time; larger batches gain nothing, a confirm covers many messages at once. */
const BATCH_ROWS = 100;
/** Above the publisher's own 10 s, so that a row is never taken again while its confirm may still come. */
const LEASE_SECONDS = 15;
/** Finds what a pod left that died between commit and publish, or whose `wake` found nothing. */
const POLL_MS = 1_000;
/**
 * Commits of this time are published together: two statements and two flushes a batch, whatever its size, and a burst that stays one on its
 * way through queues and consumers, each of which does it at once. A sale passes here three times before it is confirmed.
 */
const GATHER_MS = 20;
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
  relayed: new Counter({
    name: "outbox_relayed_total",
    help: "Rows by outcome: published, failed",
    labelNames: ["outcome"],
    registers: [registry],
  }),
}));

/**
 * Publishes the outbox in the background, at least once, in no particular order (consumers go by versions and ids). Any
 * number of relays may run over one table: rows are leased with SKIP LOCKED, and each is marked on its own confirm.
 */
export const startOutboxRelay = (dependencies: Dependencies): OutboxRelay => {
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
  return {
    runOnce,
    wake: gather(GATHER_MS, relay.wake),
    stop: async () => {
      await Promise.all([relay.stop(), backlog.stop(), sweep.stop()]);
    },
  };
};

const relayBatch = async (dependencies: Dependencies): Promise<number> => {
  const { pool, rabbit, metrics } = dependencies;
  // Leasing rows that can't be published would only write to the table, once a second for the whole outage.
  if (rabbit.isReady?.() === false) return 0;
  const rows = await leasePending(pool, BATCH_ROWS, LEASE_SECONDS);
  if (rows.length === 0) return 0;
  const results = await Promise.all(rows.map((row) => publishRow(row, dependencies)));
  const confirmed = results.flatMap((result) => (result.kind === "confirmed" ? [result.id] : []));
  const failed = results.flatMap((result) => (result.kind === "failed" ? [result] : []));
  if (confirmed.length > 0) await markPublished(pool, confirmed);
  if (failed.length > 0) await postpone(pool, failed);
  const { relayed } = relayMetrics(metrics);
  relayed.inc({ outcome: "published" }, confirmed.length);
  relayed.inc({ outcome: "failed" }, failed.length);
  return confirmed.length;
};

type RowResult =
  | { readonly kind: "confirmed"; readonly id: string }
  | { readonly kind: "failed"; readonly id: string; readonly pauseSeconds: number };

const publishRow = async (
  row: PendingMessage,
  { rabbit, logger }: Dependencies,
): Promise<RowResult> => {
  const { id, exchange, routingKey, requestId, attempts } = row;
  const type = routingKey;
  const content = Buffer.from(row.content);
  try {
    await rabbit.publish({ exchange, routingKey, messageId: id, type, requestId, content });
    return { kind: "confirmed", id };
  } catch (error) {
    const fields = { messageId: id, routingKey, requestId, attempts };
    logger.warn({ err: error, ...fields }, "message not published, trying again later");
    return { kind: "failed", id, pauseSeconds: pauseSecondsAfter(error, attempts) };
  }
};
