import { Counter } from "prom-client";
import type pg from "pg";
import type { Logger } from "../logging/logger.ts";
import type { RabbitConnection } from "../messaging/connection.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { oncePerRegistry } from "../metrics/once-per-registry.ts";
import { postpone, type PendingMessage } from "./outbox-store.ts";
import { pauseSecondsAfter } from "./pause-after-failure.ts";

export type RelayDependencies = {
  readonly pool: pg.Pool;
  readonly rabbit: Pick<RabbitConnection, "publish"> & Partial<Pick<RabbitConnection, "isReady">>;
  readonly logger: Logger;
  readonly metrics: Metrics;
};

const publishMetrics = oncePerRegistry((registry) => ({
  relayed: new Counter({
    name: "outbox_relayed_total",
    help: "Rows by outcome: published, failed",
    labelNames: ["outcome"],
    registers: [registry],
  }),
}));

/**
 * Publishes rows that are leased. `mark` gets the ids of those that were confirmed, each by its own confirm; the others are given back, each
 * after its own pause. Answers how many were confirmed.
 */
export const publishRows = async (
  rows: readonly PendingMessage[],
  mark: (ids: readonly string[]) => Promise<unknown>,
  dependencies: RelayDependencies,
): Promise<number> => {
  const results = await Promise.all(rows.map((row) => publishRow(row, dependencies)));
  const confirmed = results.flatMap((result) => (result.kind === "confirmed" ? [result.id] : []));
  const failed = results.flatMap((result) => (result.kind === "failed" ? [result] : []));
  if (confirmed.length > 0) await mark(confirmed);
  if (failed.length > 0) await postpone(dependencies.pool, failed);
  const { relayed } = publishMetrics(dependencies.metrics);
  relayed.inc({ outcome: "published" }, confirmed.length);
  relayed.inc({ outcome: "failed" }, failed.length);
  return confirmed.length;
};

type RowResult =
  | { readonly kind: "confirmed"; readonly id: string }
  | { readonly kind: "failed"; readonly id: string; readonly pauseSeconds: number };

const publishRow = async (
  row: PendingMessage,
  { rabbit, logger }: RelayDependencies,
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
