import type { Condition, PlatformStatus } from "../api/status.ts";
import { connectionBudget } from "../desired/connection-budget.ts";
import { autoscalingReady } from "./conditions/autoscaling-ready.ts";
import { connectionBudgetFits } from "./conditions/connection-budget.ts";
import { databaseReady } from "./conditions/database-ready.ts";
import { degraded } from "./conditions/degraded.ts";
import { gatewayExposed } from "./conditions/gateway-exposed.ts";
import { messagingReady } from "./conditions/messaging-ready.ts";
import { paused } from "./conditions/paused.ts";
import { poolReady } from "./conditions/pool-ready.ts";
import { productionReady } from "./conditions/production-ready.ts";
import { progressing } from "./conditions/progressing.ts";
import { ready } from "./conditions/ready.ts";
import { servicesReady } from "./conditions/services-ready.ts";
import { completedJobs } from "./completed-jobs.ts";
import { gatewayURL } from "./gateway-url.ts";
import { serviceStatuses } from "./service-statuses.ts";
import { steadyFigures } from "./steady-figures.ts";
import type { Finding, PreviousStatus, View } from "./view.ts";

const CONDITIONS = [
  ready,
  progressing,
  degraded,
  databaseReady,
  poolReady,
  messagingReady,
  servicesReady,
  autoscalingReady,
  connectionBudgetFits,
  gatewayExposed,
  paused,
  productionReady,
];

/** The whole status. Pure: `now` (ISO 8601) is only used where a condition changed. */
export function platformStatus(view: View, previous: PreviousStatus, now: string): PlatformStatus {
  const status: PlatformStatus = {
    observedGeneration: view.platform.generation,
    version: view.platform.version,
    gatewayURL: gatewayURL(view),
    connectionBudget: connectionBudget(view.platform),
    completedJobs: completedJobs(view, previous),
    ...(view.rollout !== undefined && { rollout: view.rollout }),
    services: serviceStatuses(view),
    conditions: conditionsOf(
      CONDITIONS.map((condition) => condition(view)),
      view.platform.generation,
      previous,
      now,
    ),
  };
  return steadyFigures(view.platform, status, previous);
}

/** Findings as metav1 conditions; the transition time only moves when the status does. */
export function conditionsOf(
  findings: readonly Finding[],
  generation: number,
  previous: PreviousStatus,
  now: string,
): Condition[] {
  return findings.map((finding) => {
    const before = previous?.conditions?.find((condition) => condition.type === finding.type);
    const isSame = before !== undefined && before.status === finding.status;
    return {
      ...finding,
      observedGeneration: generation,
      lastTransitionTime: isSame ? before.lastTransitionTime : now,
    };
  });
}
