import { platformStatus } from "../../src/status/index.ts";
import type { View } from "../../src/status/view.ts";
import type { ObservedObject } from "../../src/metadata/observed-object.ts";
import { byKey, finishedJob, observedObject, UID, workload } from "./observed-fixture.ts";
import { platformWith } from "./platform-fixture.ts";

export const NOW = "2026-11-22T18:00:00Z";

/** A platform where everything is as it should be, with some objects replaced. */
export function viewWith(replaced: readonly ObservedObject[] = [], more: Partial<View> = {}): View {
  const platform = more.platform ?? platformWith();
  const migrations = platform.services.filter(({ facts }) => facts.database !== undefined);
  const jobNames = new Map(migrations.map(({ facts }) => [facts.name, `${facts.name}-migration`]));
  return {
    platform,
    children: byKey([
      workload("StatefulSet", "postgres", 1),
      workload("StatefulSet", "rabbitmq", 1),
      workload("Deployment", "redis", 1),
      workload("Deployment", "pgbouncer", 1),
      finishedJob("bootstrap", "Complete"),
      ...[...jobNames.values()].map((name) => finishedJob(name, "Complete")),
      ...platform.services.map(({ facts, replicas }) =>
        workload("Deployment", facts.name, replicas, replicas),
      ),
      ...platform.services.flatMap(({ facts, autoscaling }) =>
        autoscaling === undefined ? [] : [scaler(facts.name, "True")],
      ),
      ...replaced,
    ]),
    pods: [],
    bootstrapJob: "bootstrap",
    migrationJobs: jobNames,
    failures: [],
    secretProblems: [],
    isCertificateThere: true,
    messaging: { state: "declared" },
    rollout: undefined,
    keptJobs: [],
    ...more,
  };
}

export function scaler(name: string, active: string): ObservedObject {
  return observedObject({
    kind: "HorizontalPodAutoscaler",
    name,
    ownerUid: UID,
    spec: { minReplicas: 3, maxReplicas: 20 },
    status: {
      currentReplicas: 4,
      currentMetrics: [
        { type: "Resource", resource: { name: "cpu", current: { averageUtilization: 55 } } },
      ],
      conditions: [{ type: "ScalingActive", status: active, reason: "FailedGetResourceMetric" }],
    },
  });
}

/** Status and reason by type. */
export const conditions = (view: View) =>
  Object.fromEntries(
    (platformStatus(view, undefined, NOW).conditions ?? []).map(({ type, status, reason }) => [
      type,
      `${status} ${reason}`,
    ]),
  );

/** What a platform reports where nothing is wrong. */
export const HEALTHY = {
  Ready: "True AllReady",
  Progressing: "False Settled",
  Degraded: "False AsExpected",
  DatabaseReady: "True DatabasesReady",
  PoolReady: "True PoolReady",
  MessagingReady: "True TopologyDeclared",
  ServicesReady: "True MinimumReached",
  AutoscalingReady: "True ScalingActive",
  ConnectionBudget: "True Fits",
  GatewayExposed: "True NodePort",
  Paused: "False Active",
  ProductionReady: "False NotForProduction",
};
