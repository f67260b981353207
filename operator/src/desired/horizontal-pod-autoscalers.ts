import type { V2HorizontalPodAutoscaler } from "@kubernetes/client-node";
import type { Context } from "./context.ts";
import { child, type Child } from "./manifest.ts";
import { afterMigration } from "./migration-jobs.ts";
import { componentOf, metadataOf } from "./metadata-of.ts";

/** An HPA for each service that is scaled; it carries its Deployment's name. */
export function horizontalPodAutoscalers(context: Context): Child[] {
  const { platform } = context;
  return platform.services.flatMap((service) => {
    const { facts, autoscaling } = service;
    if (autoscaling === undefined) return [];
    const manifest = {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: metadataOf(platform, facts.name, facts.name, componentOf(facts.key)),
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: facts.name },
        minReplicas: autoscaling.minReplicas,
        maxReplicas: autoscaling.maxReplicas,
        metrics: [
          {
            type: "Resource",
            resource: {
              name: "cpu",
              target: {
                type: "Utilization",
                averageUtilization: autoscaling.targetCPUUtilizationPercentage,
              },
            },
          },
        ],
        ...(autoscaling.behavior !== undefined && { behavior: autoscaling.behavior }),
      },
    };
    // The API server's type insists on fields it fills in itself; the shape is checked by tests.
    const checked = manifest satisfies Loose<V2HorizontalPodAutoscaler>;
    // Together with its Deployment: before, it would only report that there is none.
    return [child(platform, checked, { after: afterMigration(context, service) })];
  });
}

type Loose<T> = { [Key in keyof T]?: unknown };
