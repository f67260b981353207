import type { Child, NamedChild } from "../desired/manifest.ts";
import type { Platform } from "../desired/platform.ts";
import { FIELD_MANAGER } from "../metadata/labels.ts";
import { observed, type ObservedObject } from "../metadata/observed-object.ts";
import { kindNamed, objectPath } from "../metadata/resource-kinds.ts";
import type { ApiClient } from "../runtime/api-client.ts";
import { ApiError, isConflict, isNotFound } from "../runtime/api-error.ts";
import { serverSideApply } from "../runtime/server-side-apply.ts";
import type { ApplyMemory } from "./apply-memory.ts";
import { childKey, headOf, type ChildHead } from "./child-head.ts";
import type { Contest, Contests } from "./contests.ts";
import { handOverReplicas, manifestAtCreation } from "./hand-over-replicas.ts";
import type { Look } from "./object-digest.ts";
import { belongsTo } from "./ownership.ts";
import { removeStrays, strayOperations } from "./remove-strays.ts";

export type ApplyResult =
  | { readonly outcome: "unchanged" }
  | { readonly outcome: "created" | "applied" | "repaired"; readonly object: ObservedObject }
  | { readonly outcome: "foreign" }
  | { readonly outcome: "contested"; readonly contest: Contest };

export interface ApplyTools {
  readonly client: ApiClient;
  readonly memory: ApplyMemory;
  readonly contests: Contests;
}

/**
 * Whether a child is as it was applied last: neither our wish nor the object has changed. Told from the head alone, since
 * in the steady state that is so for all of them.
 */
export function isUnchanged(
  memory: ApplyMemory,
  platform: Platform,
  head: ChildHead,
  seen: ObservedObject | undefined,
): boolean {
  const key = memoryKey(platform, head);
  return seen !== undefined && memory.isCurrent(key, head.hash, seen, lookAt(head));
}

/**
 * Brings one child to what it should be. `known` is the copy of it, if there is one, or `absent` where the server has just
 * said that there is no object of that name. `repaired` means that somebody had changed it. An object of that name which
 * isn't the platform's is not touched.
 */
export async function applyChild(
  tools: ApplyTools,
  platform: Platform,
  child: Child,
  known: ObservedObject | "absent" | undefined,
): Promise<ApplyResult> {
  const { client, memory } = tools;
  const head = headOf(child);
  const key = memoryKey(platform, head);
  const seen = known === "absent" ? undefined : known;
  if (isUnchanged(memory, platform, head, seen)) return { outcome: "unchanged" };
  const before = known === "absent" ? undefined : await wholeOf(client, child, seen);
  if (before === undefined) {
    const object = await applyByForce(client, manifestAtCreation(child));
    await handOverReplicas(client, child, object);
    // With replicas to hand over, the next run applies once more, without them.
    if (child.replicasAtCreation === undefined) {
      memory.remember(key, head.hash, object, lookAt(head));
    }
    return { outcome: "created", object };
  }
  if (!belongsTo(platform, before)) return { outcome: "foreign" };
  if (before.kind === "Job") return await applyJob(tools, child, before, key);
  await handOverReplicas(client, child, before);
  const wasDrifting = memory.hasDrifted(key, head.hash, before, lookAt(head));
  const object = await applyAgainstRivals(tools, child, before, key);
  if ("rival" in object) return { outcome: "contested", contest: object };
  memory.remember(key, head.hash, object, lookAt(head));
  const isRepaired = wasDrifting && object.resourceVersion !== before.resourceVersion;
  return { outcome: isRepaired ? "repaired" : "applied", object };
}

function lookAt({ replicasAtCreation }: ChildHead): Look {
  return { ignoresReplicas: replicasAtCreation !== undefined };
}

/** Kinds whose lists somebody may have added to; copies don't hold them. */
const WITH_STRAYS = new Set(["Deployment", "StatefulSet", "Service"]);

/** The object as it is now; what nobody has heard of and what a copy leaves out is asked for. */
async function wholeOf(
  client: ApiClient,
  child: Child,
  seen: ObservedObject | undefined,
): Promise<ObservedObject | undefined> {
  const isEnough = seen?.digest === undefined || !WITH_STRAYS.has(seen.kind);
  return seen !== undefined && isEnough ? seen : await fetchExisting(client, child);
}

/**
 * A Job's pod template can't be changed, and needn't be: its name says what it does. One that a
 * newer operator would write in other words stays as it is.
 */
async function applyJob(
  { client, memory }: ApplyTools,
  child: Child,
  before: ObservedObject,
  key: string,
): Promise<ApplyResult> {
  const look = { ignoresReplicas: false };
  const { hash } = headOf(child);
  const wasDrifting = memory.hasDrifted(key, hash, before, look);
  const object = await applyUnlessImmutable(client, child, before);
  memory.remember(key, hash, object, look);
  const isChanged = object.resourceVersion !== before.resourceVersion;
  if (!isChanged) return { outcome: "unchanged" };
  return { outcome: wasDrifting ? "repaired" : "applied", object };
}

async function applyUnlessImmutable(
  client: ApiClient,
  child: Child,
  before: ObservedObject,
): Promise<ObservedObject> {
  try {
    return await applyByForce(client, child.manifest);
  } catch (error) {
    const isImmutable =
      error instanceof ApiError &&
      error.statusCode === 422 &&
      error.causes.length > 0 &&
      error.causes.every(({ message }) => message.includes("field is immutable"));
    if (!isImmutable) throw error;
    return before;
  }
}

export function memoryKey(platform: Platform, child: NamedChild): string {
  return `${platform.namespace}/${platform.name}/${childKey(child)}`;
}

type Manifest = Parameters<typeof serverSideApply>[1];

/** Others' changes of our fields are overwritten: the resource is where they should be made. */
async function applyByForce(client: ApiClient, manifest: Manifest): Promise<ObservedObject> {
  return await serverSideApply(client, manifest, { fieldManager: FIELD_MANAGER, force: true });
}

/** Likewise, but not for ever: a rival that sets the same field again and again is told of. */
async function applyAgainstRivals(
  { client, contests }: ApplyTools,
  child: Child,
  before: ObservedObject,
  key: string,
): Promise<ObservedObject | Contest> {
  const strays = strayOperations(child.manifest, before.raw).map(({ path }) => ({
    field: path,
    message: "entries that somebody adds",
  }));
  const lost = strays.length === 0 ? undefined : contests.refuse(key, strays);
  if (lost !== undefined) return lost;
  await removeStrays(client, child.manifest, before);
  try {
    const options = { fieldManager: FIELD_MANAGER, force: false };
    return await serverSideApply(client, child.manifest, options);
  } catch (error) {
    if (!(error instanceof ApiError) || !isConflict(error)) throw error;
    const contest = contests.refuse(key, error.causes);
    return contest ?? (await applyByForce(client, child.manifest));
  }
}

async function fetchExisting(client: ApiClient, child: Child): Promise<ObservedObject | undefined> {
  const { kind, metadata } = child.manifest;
  try {
    const path = objectPath(kindNamed(kind), metadata.namespace, metadata.name);
    return observed(kind, await client.call({ method: "GET", path }));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
