import { countUnlikeReplies } from "@jatra/common/idempotency/count-unlike-replies.ts";
import { sweepIdempotencyKeys } from "@jatra/common/idempotency/sweep-idempotency-keys.ts";
import type { Logger } from "@jatra/common/logging/logger.ts";
import type { Metrics } from "@jatra/common/metrics/metrics.ts";
import type { OutboxRelay } from "@jatra/common/outbox/outbox-relay.ts";
import type { BusyShare } from "@jatra/common/service/rest-after.ts";
import { runPeriodically } from "@jatra/common/service/run-periodically.ts";
import type pg from "pg";
import { forgetEnded } from "./data/sweep-store.ts";
import type { SeatMetrics } from "./seat-metrics.ts";
import { archiveJourneys } from "./sweepers/archive-journeys.ts";
import { checkInvariants } from "./sweepers/check-invariants.ts";
import { expireHolds } from "./sweepers/expire-holds.ts";
import { publishChanges } from "./sweepers/publish-changes.ts";
import { resolvePayments, type ResolveDependencies } from "./sweepers/resolve-payments.ts";
import { restoreMarkers, type RestoreDependencies } from "./sweepers/restore-markers.ts";

/** I4 allows 10 s after the end of a hold; half of that leaves room for a slow run. */
const EXPIRE_EVERY_MS = 5_000;
const RESOLVE_EVERY_MS = 5_000;
/** One look at Redis a journey; after FLUSHALL the markers are back within this. */
const RESTORE_EVERY_MS = 5_000;
/** Search may be half a second behind; a burst on one journey becomes two messages a second. */
const PUBLISH_EVERY_MS = 500;
/**
 * A message tells all claims of its journey, so the more is sold at once on the more trains, the longer a run takes, and search counts
 * all those seats anew. In a rush search is up to four seconds behind rather than taking the rush's time.
 */
const PUBLISH_SHARE = { max: 0.05, restMaxMs: 4_000 } as const;
/** Reads all live claims, so rarely. */
const CHECK_EVERY_MS = 60_000;
const FORGET_EVERY_MS = 60_000;
/** Some trains a day. */
const ARCHIVE_EVERY_MS = 600_000;

export type BackgroundDependencies = ResolveDependencies &
  RestoreDependencies & {
    readonly pool: pg.Pool;
    readonly relay: OutboxRelay;
    readonly logger: Logger;
    readonly metrics: Metrics;
    readonly seatMetrics: SeatMetrics;
    readonly idempotencyTtlSeconds: number;
  };

/** Starts the sweepers; answers how to stop them. Any number of pods may run them at the same time. */
export const startBackground = (dependencies: BackgroundDependencies): (() => Promise<void>) => {
  const { pool, relay, logger, metrics } = dependencies;
  const every = (
    name: string,
    everyMs: number,
    run: () => Promise<number | void>,
    busyShare?: BusyShare,
  ) => runPeriodically({ name, everyMs, run, logger, metrics, ...(busyShare && { busyShare }) });
  const running = [
    every("expire-holds", EXPIRE_EVERY_MS, () => expireHolds(dependencies)),
    every("resolve-payments", RESOLVE_EVERY_MS, () => resolvePayments(dependencies)),
    every("restore-markers", RESTORE_EVERY_MS, async () => {
      const late = await dependencies.markers.retryReleases();
      return late + (await restoreMarkers(dependencies));
    }),
    every(
      "publish-changes",
      PUBLISH_EVERY_MS,
      async () => {
        if ((await publishChanges(dependencies)) > 0) relay.wake();
      },
      PUBLISH_SHARE,
    ),
    every("check-invariants", CHECK_EVERY_MS, async () => {
      await checkInvariants({ pool, metrics: dependencies.seatMetrics });
      const unlike = await countUnlikeReplies(dependencies);
      dependencies.seatMetrics.violations.set({ invariant: "I6" }, unlike);
    }),
    every("archive-journeys", ARCHIVE_EVERY_MS, async () => {
      await archiveJourneys(dependencies);
    }),
    every("forget-ended-locks", FORGET_EVERY_MS, async () => void (await forgetEnded(pool))),
    every("forget-idempotency-keys", FORGET_EVERY_MS, async () => {
      await sweepIdempotencyKeys({ pool, ttlSeconds: dependencies.idempotencyTtlSeconds });
    }),
  ];
  return async () => {
    await Promise.all(running.map(async (work) => work.stop()));
  };
};
