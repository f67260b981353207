import type { Queryable } from "@jatra/common/database/queryable.ts";
import { invariantViolations } from "@jatra/common/metrics/invariant-violations.ts";
import type { Metrics } from "@jatra/common/metrics/metrics.ts";
import { countViolations } from "./data/count-violations.ts";

/** Shows what must never be (I2, I3, I9) as a metric that alerts off zero. */
export const checkInvariants = async ({
  pool,
  metrics,
}: {
  readonly pool: Queryable;
  readonly metrics: Metrics;
}): Promise<void> => {
  for (const [invariant, count] of Object.entries(await countViolations(pool))) {
    invariantViolations(metrics).set({ invariant }, count);
  }
};
