import type { Queryable } from "@jatra/common/database/queryable.ts";
import { countViolations, type Violations } from "../data/sweep-store.ts";
import type { SeatMetrics } from "../seat-metrics.ts";

/** Counts what must never be (I1, I4, I5) and shows it as metrics that alert off zero. */
export const checkInvariants = async ({
  pool,
  metrics,
}: {
  readonly pool: Queryable;
  readonly metrics: SeatMetrics;
}): Promise<Violations> => {
  const violations = await countViolations(pool);
  for (const [invariant, count] of Object.entries(violations)) {
    metrics.violations.set({ invariant }, count);
  }
  return violations;
};
