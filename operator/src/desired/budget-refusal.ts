import { PGBOUNCER } from "../metadata/names.ts";
import { connectionBudget } from "./connection-budget.ts";
import type { NamedChild } from "./manifest.ts";
import type { Platform } from "./platform.ts";

export interface BudgetRefusal {
  readonly reason: "TooManyClients" | "TooFewServerConnections";
  /** The numbers, and which fields to change. */
  readonly message: string;
}

/**
 * Why the connections that a platform asks for can't be had; undefined where they fit. Such a
 * spec is refused, never trimmed: which service gives way is a decision of people.
 */
export function budgetRefusal(platform: Platform): BudgetRefusal | undefined {
  const { clientsNeeded, clientsMax, serversPerPool } = connectionBudget(platform);
  const databases = platform.services.filter(({ facts }) => facts.database !== undefined).length;
  if (serversPerPool < databases) {
    return {
      reason: "TooFewServerConnections",
      message:
        `One PgBouncer pod may open ${serversPerPool} connections, fewer than the ${databases} ` +
        "databases: raise pgbouncer.maxServerConnections or lower pgbouncer.replicas.",
    };
  }
  if (clientsNeeded <= clientsMax) return undefined;
  return {
    reason: "TooManyClients",
    message:
      `At their maxima the services need ${clientsNeeded} of ${clientsMax} client connections: ` +
      "lower autoscaling.maxReplicas or raise pgbouncer.maxClientConnections.",
  };
}

/** What opens connections, or says how many there may be. */
const HELD_KINDS = new Set(["Deployment", "HorizontalPodAutoscaler", "ConfigMap"]);

/**
 * Whether an object stays as it is (or isn't made) while the budget is refused: the services'
 * and the pool's Deployments, their HPAs, the pool's configuration. Stores are kept up.
 */
export function isHeldBack(
  platform: Platform,
  kind: string,
  labels: Readonly<Record<string, string>>,
): boolean {
  const app = labels["app"] ?? "";
  const isPooled = app === PGBOUNCER || platform.services.some(({ facts }) => facts.name === app);
  return isPooled && HELD_KINDS.has(kind);
}

/** The children that may be applied: all, unless the budget is refused. */
export function affordable<T extends NamedChild>(
  platform: Platform,
  children: readonly T[],
): readonly T[] {
  if (budgetRefusal(platform) === undefined) return children;
  return children.filter(
    ({ manifest }) => !isHeldBack(platform, manifest.kind, manifest.metadata.labels),
  );
}
