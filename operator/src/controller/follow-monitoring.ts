import { setTimeout as delay } from "node:timers/promises";
import { MONITORING_KINDS } from "../metadata/resource-kinds.ts";
import type { ApiClient } from "../runtime/api-client.ts";
import type { ClusterCache } from "./cluster-cache.ts";
import { knownMonitoringKinds } from "./monitoring-kinds.ts";

export interface MonitoringWatch {
  readonly client: ApiClient;
  readonly cache: Pick<ClusterCache, "follow">;
  /** Kinds of the Prometheus operator that the cluster has; kept current here. */
  readonly known: Set<string>;
  /** Told after the set has changed. */
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
}

/** Nobody waits for a monitor; and with a CustomResourceDefinition that goes, its objects go by themselves. */
const EVERY_MS = 30_000;

/**
 * Watches the monitoring kinds that the cluster has, and notices when a Prometheus operator is installed or removed later: the
 * platforms then get their monitors without a restart of this operator. Runs until the signal aborts; never throws.
 */
export async function followMonitoring(
  watch: MonitoringWatch,
  signal: AbortSignal,
  everyMs = EVERY_MS,
): Promise<void> {
  const { client, cache, known, onChange, onError } = watch;
  const follow = () =>
    cache.follow(
      MONITORING_KINDS.filter(({ kind }) => known.has(kind)),
      signal,
    );
  follow();
  for (;;) {
    await delay(everyMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      const now = await knownMonitoringKinds(client);
      if (isSame(known, now)) continue;
      known.clear();
      for (const kind of now) known.add(kind);
      follow();
      onChange();
    } catch (error) {
      onError(error);
    }
  }
}

function isSame(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  return left.size === right.size && [...left].every((kind) => right.has(kind));
}
