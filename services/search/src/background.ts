import type pg from "pg";
import type { InternalClient } from "@jatra/common/http/internal-client.ts";
import type { Logger } from "@jatra/common/logging/logger.ts";
import { connectRabbit } from "@jatra/common/messaging/connection.ts";
import type { Metrics } from "@jatra/common/metrics/metrics.ts";
import { runPeriodically } from "@jatra/common/service/run-periodically.ts";
import type { Lifecycle } from "@jatra/common/service/serve.ts";
import { takeInJourneys } from "./consumers/take-in-journeys.ts";
import { takeInSeats } from "./consumers/take-in-seats.ts";
import { createApplyClaims } from "./data/apply-claims.ts";
import { checkClaims } from "./repair/check-claims.ts";
import { fillFromSchedule } from "./repair/fill-from-schedule.ts";

type Dependencies = {
  readonly pool: pg.Pool;
  readonly rabbitUrl: string;
  readonly schedule: InternalClient;
  readonly seats: InternalClient;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly lifecycle: Lifecycle;
};

/** As every sweeper of the platform: what went wrong is noticed within ten seconds. */
const EVERY_MS = 10_000;

/** Keeps the read model: messages as they come, and repair for those that didn't. */
export const startBackground = (dependencies: Dependencies): void => {
  const { pool, logger, metrics, lifecycle } = dependencies;
  const rabbit = connectRabbit({ url: dependencies.rabbitUrl, logger, metrics });
  lifecycle.onStop("rabbitmq", rabbit.close);
  const applyClaims = createApplyClaims(pool);
  rabbit.consume(takeInJourneys({ pool }));
  rabbit.consume(takeInSeats({ applyClaims }));
  const repairs = {
    "fill-from-schedule": () => fillFromSchedule(dependencies),
    "check-claims": () => checkClaims({ ...dependencies, applyClaims }),
  };
  for (const [name, run] of Object.entries(repairs)) {
    const repair = runPeriodically({ name, everyMs: EVERY_MS, run, logger, metrics });
    lifecycle.onStop(name, repair.stop);
  }
};
