import { z } from "zod";
import { contentHash } from "../desired/content-hash.ts";
import type { ObservedObject } from "../metadata/observed-object.ts";

export interface Look {
  /** An HPA moves the replicas all day: their change is none of ours. */
  readonly ignoresReplicas: boolean;
}

const replicated = z.object({ spec: z.object({ replicas: z.int() }) });

/** Hash of what people and controllers may change: everything but status and bookkeeping. */
export function observedHash(object: ObservedObject, look: Look): string {
  const digest = digestOf(object);
  if (look.ignoresReplicas) return digest;
  const found = replicated.safeParse(object.raw);
  return found.success ? `${digest}/${found.data.spec.replicas}` : digest;
}

/** The same without replicas. Worked out once an object: copies are replaced, never altered. */
export function digestOf(object: ObservedObject): string {
  if (object.digest !== undefined) return object.digest;
  const known = DIGESTS.get(object);
  if (known !== undefined) return known;
  const digest = makeDigest(object);
  DIGESTS.set(object, digest);
  return digest;
}

const DIGESTS = new WeakMap<ObservedObject, string>();

function makeDigest({ kind, raw, labels, ownerUids, resourceVersion }: ObservedObject): string {
  // Only metadata of Secrets are watched; nobody writes a Secret's status, so any change counts.
  if (kind === "Secret") return resourceVersion;
  const content = Object.entries(raw).filter(([field]) => !IGNORED.has(field));
  return contentHash([
    content.map(([field, value]) => [field, field === "spec" ? withoutReplicas(value) : value]),
    labels,
    ownerUids,
  ]);
}

/** Items of a list carry no apiVersion and kind; answers to writes do. */
const IGNORED = new Set(["apiVersion", "kind", "metadata", "status"]);

function withoutReplicas(spec: unknown): unknown {
  if (typeof spec !== "object" || spec === null) return spec;
  return Object.fromEntries(Object.entries(spec).filter(([field]) => field !== "replicas"));
}
