import type pg from "pg";
import type { Logger } from "@jatra/common/logging/logger.ts";
import type { RabbitConnection } from "@jatra/common/messaging/connection.ts";
import type { Metrics } from "@jatra/common/metrics/metrics.ts";
import { startOutboxRelay } from "@jatra/common/outbox/outbox-relay.ts";
import { runPeriodically } from "@jatra/common/service/run-periodically.ts";
import type { Lifecycle } from "@jatra/common/service/serve.ts";
import { sweepAuth } from "./data/sweep-auth.ts";
import type { KeyRing } from "./domain/key-ring.ts";

/** Far below the hour that a new key is public before it signs. */
const KEY_REFRESH_MS = 60_000;
/** What expired does no harm; it is only deleted to keep the tables small. */
const SWEEP_MS = 60_000;

/** Everything that runs beside the requests; ends with the lifecycle. */
export const startBackground = (dependencies: {
  readonly pool: pg.Pool;
  readonly rabbit: RabbitConnection;
  readonly keyRing: KeyRing;
  readonly lifecycle: Lifecycle;
  readonly logger: Logger;
  readonly metrics: Metrics;
}): { readonly wakeRelay: () => void } => {
  const { pool, keyRing, lifecycle, logger, metrics } = dependencies;
  const relay = startOutboxRelay(dependencies);
  const keys = runPeriodically({
    name: "signing-keys",
    everyMs: KEY_REFRESH_MS,
    run: () => keyRing.refresh(),
    logger,
    metrics,
  });
  const sweep = runPeriodically({
    name: "sweep",
    everyMs: SWEEP_MS,
    // Nothing is repaired by it, so its number isn't answered.
    run: async () => void (await sweepAuth(pool)),
    logger,
    metrics,
  });
  lifecycle.onStop("outbox relay", relay.stop);
  lifecycle.onStop("signing keys", keys.stop);
  lifecycle.onStop("sweep", sweep.stop);
  return { wakeRelay: relay.wake };
};
