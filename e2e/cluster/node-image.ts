import { readFileSync } from "node:fs";
import { buildNodeImage } from "./node-image/build-node-image.ts";
import { contentHash } from "./content-hash.ts";
import { imageExists, pull, registryAnswers } from "./registry.ts";
import { versions } from "./versions.ts";

export type NodeImage = {
  image: string;
  /** A built image carries its pod network; a pulled one needs kind's own (kindnet). */
  ownPodNetwork: boolean;
};

/**
 * The image of kind's node: pulled where a registry answers, else built from source (10 min from nothing, 2 min with
 * Go's caches, nothing when Docker has it already).
 */
export async function ensureNodeImage(
  note: (text: string) => void = () => undefined,
): Promise<NodeImage> {
  const built = await builtImageName();
  if (await imageExists(built)) {
    note("cached");
    return { image: built, ownPodNetwork: true };
  }
  if (await registryAnswers()) {
    await pull(versions.pulledNode);
    note("pulled");
    return { image: versions.pulledNode, ownPodNetwork: false };
  }
  await buildNodeImage(built);
  note("built from source");
  return { image: built, ownPodNetwork: true };
}

/** Whether a node image is here, so that a preflight can tell how long a run will take. */
export async function nodeImageCached(): Promise<boolean> {
  return (await imageExists(await builtImageName())) || (await imageExists(versions.pulledNode));
}

/** Whether this host still has version 1 of control groups, which kubelet refuses unless told otherwise. */
export function hostHasCgroupV1(): boolean {
  try {
    return !readFileSync("/proc/mounts", "utf8").includes(" /sys/fs/cgroup cgroup2 ");
  } catch {
    return false; // not Linux: Docker runs in a machine of its own, which has version 2
  }
}

async function builtImageName(): Promise<string> {
  const recipe = await contentHash(import.meta.dirname, ["node-image", "versions.ts"]);
  return `jatra/kind-node:v${versions.kubernetes}-${recipe}`;
}
