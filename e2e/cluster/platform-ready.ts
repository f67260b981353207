import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { Failure } from "./failure.ts";
import type { Cluster } from "./kind-cluster.ts";
import { kubectlOutput } from "./kubectl.ts";
import { paint, say } from "./progress.ts";

const readyTimeoutMs = 15 * 60_000; // 3 min on two idle cores; twelve Node processes start slowly beside a build
const pullFailureMs = 90_000; // kubelet tries again in the meantime; a slow registry isn't a failure
const pollMs = 2_000;

const platformSchema = z.object({
  metadata: z.object({ generation: z.number() }),
  status: z
    .object({
      version: z.string().optional(),
      services: z
        .array(
          z.object({
            name: z.string(),
            ready: z.number(),
            desired: z.number(),
            updated: z.number().default(0),
          }),
        )
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

/**
 * Waits until the platform `jatra` is ready at `version` (the tag of its images), printing what changes on the way.
 * Without the version a second run would take the word of the platform that it is about to replace.
 */
export async function waitUntilReady(
  cluster: Cluster,
  version: string,
  namespace = "jatra",
): Promise<void> {
  const args = ["get", "jatraplatform", "jatra", "--namespace", namespace, "-o", "json"];
  const startedMs = Date.now();
  let shown = "";
  let pullFailedSinceMs = Number.POSITIVE_INFINITY;
  while (Date.now() - startedMs < readyTimeoutMs) {
    const text = await kubectlOutput(cluster, args);
    if (text !== undefined) {
      const platform = platformSchema.parse(JSON.parse(text));
      if (isReady(platform, version)) return;
      const pullFailure = imagePullFailure(platform);
      if (pullFailure === undefined) pullFailedSinceMs = Number.POSITIVE_INFINITY;
      else pullFailedSinceMs = Math.min(pullFailedSinceMs, Date.now());
      if (pullFailure !== undefined && Date.now() - pullFailedSinceMs > pullFailureMs) {
        throw new Failure(`The platform can't start: ${pullFailure}`);
      }
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

/** The operator's own words on images that nobody gives the nodes; waiting longer wouldn't help. */
function imagePullFailure({ status }: Platform): string | undefined {
  const degraded = status.conditions.find(({ type }) => type === "Degraded");
  if (degraded?.status !== "True" || !degraded.message.includes("can't be pulled"))
    return undefined;
  return degraded.message;
}

function isReady({ metadata, status }: Platform, version: string): boolean {
  const ready = status.conditions.find(({ type }) => type === "Ready");
  const progressing = status.conditions.find(({ type }) => type === "Progressing");
  const current = (ready?.observedGeneration ?? metadata.generation) === metadata.generation;
  return (
    current &&
    status.version === version &&
    ready?.status === "True" &&
    progressing?.status !== "True"
  );
}

function describe({ status }: Platform): string {
  if (status.conditions.length === 0) return "waiting for the operator";
  // One that waits for its migration has no Deployment yet and wants nothing.
  const ready = status.services.filter(
    (service) => service.desired > 0 && service.ready >= service.desired,
  ).length;
  const rolling = status.services
    .filter((service) => service.updated < service.desired)
    .map(({ name }) => name.replace("-service", ""));
  const services =
    `${ready} of ${status.services.length} services` +
    (rolling.length > 0 ? `, rolling ${rolling.join(", ")}` : "");
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
