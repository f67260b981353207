import type pg from "pg";
import { Gauge } from "prom-client";
import type { Logger } from "../logging/logger.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { oncePerRegistry } from "../metrics/once-per-registry.ts";
import { createPool } from "./pool.ts";

type DatabaseConfig = { readonly DATABASE_URL: string; readonly DATABASE_POOL_SIZE: number };

/** The one pool of a service's process, with its figures in the metrics. */
export const createServicePool = (
  { DATABASE_URL: url, DATABASE_POOL_SIZE: size }: DatabaseConfig,
  { logger, metrics }: { readonly logger: Logger; readonly metrics: Metrics },
): pg.Pool => {
  const pool = createPool({ url, size, logger });
  const { connections, max } = poolMetrics(metrics);
  max.set(size);
  connections.read = () => ({
    busy: pool.totalCount - pool.idleCount,
    idle: pool.idleCount,
    waiting: pool.waitingCount,
  });
  return pool;
};

/** Who waits has no connection yet: above 0 for long, a service needs more of them or shorter transactions. */
type Figures = { readonly busy: number; readonly idle: number; readonly waiting: number };

const poolMetrics = oncePerRegistry((registry) => {
  const connections: { read: () => Figures } = {
    read: () => ({ busy: 0, idle: 0, waiting: 0 }),
  };
  const max = new Gauge({
    name: "database_pool_connections_max",
    help: "Connections that this process may have",
    registers: [registry],
  });
  const states = new Gauge({
    name: "database_pool_connections",
    help: "Connections of this process by state, busy or idle, and who is waiting for one",
    labelNames: ["state"],
    registers: [registry],
    // Read when scraped: a pool tells nobody of its changes.
    collect() {
      for (const [state, count] of Object.entries(connections.read())) this.set({ state }, count);
    },
  });
  return { connections, max, states };
});
