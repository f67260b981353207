import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { Failure } from "./failure.ts";
import type { Cluster } from "./kind-cluster.ts";
import { kubectlOutput } from "./kubectl.ts";
import { paint, say } from "./progress.ts";

const readyTimeoutMs = 15 * 60_000; // 3 min on two idle cores; twelve Node processes start slowly beside a build
const pollMs = 2_000;

const platformSchema = z.object({
  metadata: z.object({ generation: z.number() }),
  status: z
    .object({
      services: z
        .array(z.object({ name: z.string(), ready: z.number(), desired: z.number() }))
        .default([]),
      conditions: z
        .array(
          z.object({
            type: z.string(),
            status: z.string(),
            reason: z.string().default(""),
            message: z.string().default(""),
            observedGeneration: z.number().optional(),
          }),
        )
        .default([]),
    })
    .default({ services: [], conditions: [] }),
});
type Platform = z.infer<typeof platformSchema>;

/** Waits for the condition Ready of the platform `jatra`, printing what changes on the way. */
export async function waitUntilReady(cluster: Cluster, namespace = "jatra"): Promise<void> {
  const args = ["get", "jatraplatform", "jatra", "--namespace", namespace, "-o", "json"];
  const startedMs = Date.now();
  let shown = "";
  while (Date.now() - startedMs < readyTimeoutMs) {
    const text = await kubectlOutput(cluster, args);
    if (text !== undefined) {
      const platform = platformSchema.parse(JSON.parse(text));
      if (isReady(platform)) return;
      const progress = describe(platform);
      if (progress !== shown) say(paint.dim(`    ${elapsed(startedMs)} ${progress}`));
      shown = progress;
    }
    await delay(pollMs);
  }
  throw new Failure(
    `The platform is not ready after ${readyTimeoutMs / 60_000} min (${shown}): ` +
      `\`kubectl --context ${cluster.context} describe jatraplatform jatra -n ${namespace}\` says why.`,
  );
}

function isReady({ metadata, status }: Platform): boolean {
  const ready = status.conditions.find(({ type }) => type === "Ready");
  const current = (ready?.observedGeneration ?? metadata.generation) === metadata.generation;
  return ready?.status === "True" && current;
}

function describe({ status }: Platform): string {
  if (status.conditions.length === 0) return "waiting for the operator";
  // One that waits for its migration has no Deployment yet and wants nothing.
  const ready = status.services.filter(
    (service) => service.desired > 0 && service.ready >= service.desired,
  ).length;
  const services = `${ready} of ${status.services.length} services`;
  const stores = ["DatabaseReady", "PoolReady", "MessagingReady"]
    .filter((type) => status.conditions.some((found) => found.type === type))
    .map((type) => {
      const found = status.conditions.find((condition) => condition.type === type);
      const name = type.replace("Ready", "").toLowerCase();
      return found?.status === "True" ? `${name} ready` : `${name}: ${found?.reason ?? ""}`;
    });
  return [...stores, services].join(" · ");
}

function elapsed(startedMs: number): string {
  return `${Math.round((Date.now() - startedMs) / 1000)} s`.padStart(6);
}
