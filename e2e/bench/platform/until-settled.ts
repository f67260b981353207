import { setTimeout as delay } from "node:timers/promises";
import type { Cluster } from "../../cluster/kind-cluster.ts";
import { kubectl } from "../../cluster/kubectl.ts";

const LOOK_EVERY_MS = 5_000;
/** Two of the autoscalers' looks (15 s): whoever still has to act has acted by then. */
const UNCHANGED_MS = 30_000;
/** Scaling down after a load takes minutes: the autoscalers wait out their windows. */
const PATIENCE_MS = 6 * 60_000;

/** Each pod and whether it is ready, what each autoscaler wants, and where the rollout stands. */
export const lookOf = async (cluster: Cluster, namespace: string): Promise<string> => {
  const ready = '{.status.conditions[?(@.type=="Ready")].status}';
  const [pods, scalers, platform] = await Promise.all(
    [
      [
        "pods",
        `{range .items[*]}{.metadata.name} ${ready} {.metadata.deletionTimestamp}{"\\n"}{end}`,
      ],
      ["hpa", '{range .items[*]}{.metadata.name} {.status.desiredReplicas}{"\\n"}{end}'],
      ["jp", `{range .items[*]}${ready} {.status.rollout.phase}{"\\n"}{end}`],
    ].map(([kind = "", path = ""]) =>
      kubectl(cluster, ["-n", namespace, "get", kind, "-o", `jsonpath=${path}`]),
    ),
  );
  return [pods, scalers, platform].join("\n");
};

/**
 * Waits until pods, autoscalers and rollout have stood still for half a minute. By their own state, not by the operator's
 * writes: those are what is measured afterwards. Answers false when they never did.
 */
export const untilSettled = async (cluster: Cluster, namespace: string): Promise<boolean> => {
  const started = performance.now();
  let since = started;
  let last = "";
  while (performance.now() - started < PATIENCE_MS) {
    const look = await lookOf(cluster, namespace);
    if (look !== last) since = performance.now();
    last = look;
    if (performance.now() - since >= UNCHANGED_MS && /^True Settled$/m.test(look)) return true;
    await delay(LOOK_EVERY_MS);
  }
  return false;
};
