import type { ServiceSettings } from "../api/service-settings.ts";
import type { ServiceFacts } from "../metadata/services.ts";
import { poolSizeOf } from "./connection-budget.ts";
import type { PlatformAutoscaling, PlatformService, Resources } from "./platform.ts";
import { mergeResources } from "./resolve-store.ts";

/**
 * Requests of a real cluster: an HPA's percentage is of the request, so it has to be what a pod
 * may use all the time. The limit leaves Node room to start (it needs a core for a second).
 */
const SERVICE_RESOURCES: Resources = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { cpu: "1", memory: "384Mi" },
};

/** The gateway sees every request: it gets twice the processor. */
const GATEWAY_RESOURCES: Resources = {
  requests: { cpu: "200m", memory: "128Mi" },
  limits: { cpu: "2", memory: "512Mi" },
};

export function resolveService(
  facts: ServiceFacts,
  settings: ServiceSettings | undefined,
  image: string,
): PlatformService {
  const autoscaling = resolveAutoscaling(facts, settings);
  const defaults = facts.key === "api-gateway" ? GATEWAY_RESOURCES : SERVICE_RESOURCES;
  return {
    facts,
    image: settings?.image ?? image,
    replicas: autoscaling?.minReplicas ?? settings?.replicas ?? facts.autoscaling?.minReplicas ?? 1,
    autoscaling,
    resources: mergeResources(settings?.resources, defaults),
    poolSize: poolSizeOf(facts),
    settings: {
      env: settings?.env,
      development: settings?.development,
      nodeSelector: settings?.nodeSelector,
      tolerations: settings?.tolerations,
      priorityClassName: settings?.priorityClassName,
    },
  };
}

function resolveAutoscaling(
  facts: ServiceFacts,
  settings: ServiceSettings | undefined,
): PlatformAutoscaling | undefined {
  const wanted = settings?.autoscaling;
  if (wanted?.enabled === false) return undefined;
  if (facts.autoscaling === undefined) return undefined;
  const minReplicas = wanted?.minReplicas ?? facts.autoscaling.minReplicas;
  return {
    minReplicas,
    // A minimum above the table's maximum moves the maximum along.
    maxReplicas: wanted?.maxReplicas ?? Math.max(minReplicas, facts.autoscaling.maxReplicas),
    targetCPUUtilizationPercentage:
      wanted?.targetCPUUtilizationPercentage ?? facts.autoscaling.targetCPUUtilizationPercentage,
    behavior: wanted?.behavior,
  };
}
