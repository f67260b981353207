import { invariantViolations } from "@jatra/common/metrics/invariant-violations.ts";
import type { Metrics } from "@jatra/common/metrics/metrics.ts";
import { Counter, type Gauge } from "prom-client";

export type SeatMetrics = {
  /** held, refused_by_redis, refused_by_database */
  readonly holds: Counter<"outcome">;
  /** Calls to Redis that failed, so that the database decided alone. */
  readonly redisFailures: Counter;
  /** Counts that must be 0; docs: the platform's invariants. */
  readonly violations: Gauge<"invariant">;
};

export const createSeatMetrics = (metrics: Metrics): SeatMetrics => {
  const { registry } = metrics;
  return {
    holds: new Counter({
      name: "seat_holds_total",
      help: "Requests for seats by outcome: held, refused_by_redis, refused_by_database",
      labelNames: ["outcome"],
      registers: [registry],
    }),
    redisFailures: new Counter({
      name: "seat_redis_failures_total",
      help: "Calls to Redis that failed; the database decides alone meanwhile",
      registers: [registry],
    }),
    violations: invariantViolations(metrics),
  };
};
