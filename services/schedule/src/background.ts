import type pg from "pg";
import type { Logger } from "@jatra/common/logging/logger.ts";
import type { RabbitConnection } from "@jatra/common/messaging/connection.ts";
import type { Metrics } from "@jatra/common/metrics/metrics.ts";
import { startOutboxRelay } from "@jatra/common/outbox/outbox-relay.ts";
import { runPeriodically } from "@jatra/common/service/run-periodically.ts";
import type { Lifecycle } from "@jatra/common/service/serve.ts";
import { keepJourneys } from "./data/keep-journeys.ts";

/** A day turns once in 1,440 of these, but a new train's journeys are there within one. */
const KEEP_EVERY_MS = 60_000;

/** Relays the outbox and keeps journeys ten days ahead, in every pod. */
export const startBackground = (dependencies: {
  readonly pool: pg.Pool;
  readonly rabbit: RabbitConnection;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly lifecycle: Lifecycle;
}): { readonly trainsChanged: () => void; readonly journeyPublished: () => void } => {
  const { pool, logger, metrics, lifecycle } = dependencies;
  const relay = startOutboxRelay(dependencies);
  lifecycle.onStop("outbox-relay", relay.stop);
  const keeping = runPeriodically({
    name: "keep-journeys",
    everyMs: KEEP_EVERY_MS,
    run: async () => {
      const published = await keepJourneys({ pool, now: new Date() });
      // Once a day's worth is ordinary work, not a repair, so it is told here and not counted as one.
      if (published > 0) logger.info({ published }, "journeys published");
      relay.wake();
    },
    logger,
    metrics,
  });
  lifecycle.onStop("keep-journeys", keeping.stop);
  keeping.wake();
  return { trainsChanged: keeping.wake, journeyPublished: relay.wake };
};
