import type { V1PodDisruptionBudget } from "@kubernetes/client-node";
import { PGBOUNCER } from "../metadata/names.ts";
import { selectorOf, type Component } from "../metadata/labels.ts";
import type { Context } from "./context.ts";
import { child, type Child } from "./manifest.ts";
import { componentOf, metadataOf } from "./metadata-of.ts";
import type { Platform } from "./platform.ts";

/**
 * One pod at a time may be evicted. None for what has one replica: a budget would then block
 * every drain for ever without making anything more available.
 */
export function podDisruptionBudgets({ platform }: Context): Child[] {
  const budgets = platform.services
    .filter((service) => service.replicas > 1)
    .map(({ facts }) => budget(platform, facts.name, componentOf(facts.key)));
  if (platform.pgbouncer.replicas > 1) budgets.push(budget(platform, PGBOUNCER, "pool"));
  return budgets.map((manifest) => child(platform, manifest));
}

function budget(platform: Platform, app: string, component: Component) {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: metadataOf(platform, app, app, component),
    spec: {
      maxUnavailable: 1,
      // A pod that isn't ready serves nobody: it must not hold up a drain.
      unhealthyPodEvictionPolicy: "AlwaysAllow",
      selector: { matchLabels: selectorOf(platform.name, app) },
    },
  } satisfies V1PodDisruptionBudget;
}
