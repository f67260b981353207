import assert from "node:assert/strict";
import { z } from "zod";
import { kubectl } from "./kubectl.ts";

const rolloutSchema = z.object({
  revision: z.number(),
  goodRevision: z.number().optional(),
  rejectedRevision: z.number().optional(),
  phase: z.string(),
  message: z.string(),
  wave: z.array(z.string()).default([]),
  moved: z.array(z.string()).default([]),
  soakStartedAt: z.string().optional(),
});
const platformSchema = z.object({
  metadata: z.object({ generation: z.number() }),
  spec: z.unknown(),
  status: z.object({
    observedGeneration: z.number().optional(),
    rollout: rolloutSchema,
    conditions: z.array(
      z.object({ type: z.string(), status: z.string(), reason: z.string(), message: z.string() }),
    ),
  }),
});

export type Platform = z.infer<typeof platformSchema>;

export const readPlatform = async (): Promise<Platform> =>
  platformSchema.parse(JSON.parse(await kubectl("get", "jatraplatform", "jatra", "-o", "json")));

export const patchPlatform = async (spec: unknown): Promise<void> => {
  await kubectl("patch", "jatraplatform", "jatra", "--type=merge", "-p", JSON.stringify({ spec }));
};

/** One of the rollout's states, seen after the newest spec has been looked at. */
export const expectRollout = async (check: (platform: Platform) => boolean): Promise<Platform> => {
  const platform = await readPlatform();
  const { rollout, observedGeneration } = platform.status;
  assert.equal(observedGeneration, platform.metadata.generation, "the spec hasn't been seen yet");
  assert.ok(check(platform), `${rollout.phase} ${rollout.revision}: ${rollout.message}`);
  return platform;
};

const listSchema = z.object({
  items: z.array(z.object({ metadata: z.object({ name: z.string(), generation: z.number() }) })),
});

/** Generations of every workload: a number that stays is a template that stays. */
export const generations = async (): Promise<Record<string, number>> => {
  const json = await kubectl("get", "deployments,statefulsets", "-o", "json");
  const { items } = listSchema.parse(JSON.parse(json));
  return Object.fromEntries(items.map(({ metadata }) => [metadata.name, metadata.generation]));
};

/** Kills the operator that leads, as a node that dies would: without a word, its Lease still held. */
export const killLeader = async (): Promise<string> => {
  const system = ["-n", "jatra-system"];
  const path = "jsonpath={.spec.holderIdentity}";
  const holder = await kubectl("get", "lease", "jatra-operator", "-o", path, ...system);
  const [pod = ""] = holder.split("_");
  await kubectl("delete", "pod", pod, "--grace-period=0", "--force", "--wait=false", ...system);
  return pod;
};

/** The highest number that a revision of the platform has. */
export const newestRevision = async (): Promise<number> => {
  const path = "jsonpath={.items[*].metadata.labels.jatra\\.dev/revision}";
  const numbers = await kubectl(
    "get",
    "controllerrevisions",
    "-l",
    "jatra.dev/revision",
    "-o",
    path,
  );
  return Math.max(...numbers.split(" ").map(Number));
};
