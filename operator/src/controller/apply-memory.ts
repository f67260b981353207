import { contentHash } from "../desired/content-hash.ts";
import type { ObservedObject } from "../metadata/observed-object.ts";

interface Entry {
  readonly uid: string;
  readonly desired: string;
  readonly observed: string;
}

/**
 * Remembers what was applied and what the server made of it. While neither our wish nor the
 * object has changed since, applying again would change nothing: the steady state writes nothing.
 */
export class ApplyMemory {
  readonly #entries = new Map<string, Entry>();

  isCurrent(key: string, desired: string, object: ObservedObject, look: Look): boolean {
    const entry = this.#entries.get(key);
    return (
      entry !== undefined &&
      entry.uid === object.uid &&
      entry.desired === desired &&
      entry.observed === observedHash(object, look)
    );
  }

  /** The wish is the same as last time, but somebody changed the object since. */
  hasDrifted(key: string, desired: string, object: ObservedObject, look: Look): boolean {
    const entry = this.#entries.get(key);
    return (
      entry !== undefined &&
      entry.uid === object.uid &&
      entry.desired === desired &&
      entry.observed !== observedHash(object, look)
    );
  }

  remember(key: string, desired: string, object: ObservedObject, look: Look): void {
    this.#entries.set(key, { uid: object.uid, desired, observed: observedHash(object, look) });
  }

  forget(key: string): void {
    this.#entries.delete(key);
  }

  /** Drops all entries whose key starts so: a platform is gone. */
  forgetAll(prefix: string): void {
    for (const key of this.#entries.keys()) if (key.startsWith(prefix)) this.#entries.delete(key);
  }
}

export interface Look {
  /** An HPA moves the replicas all day: their change is none of ours. */
  readonly ignoresReplicas: boolean;
}

/**
 * Hash of what people and controllers may change: everything but status and bookkeeping. Worked
 * out once an object: the copies are replaced when something changes, never altered.
 */
export function observedHash(object: ObservedObject, look: Look): string {
  const known = HASHES.get(object);
  if (known?.ignoresReplicas === look.ignoresReplicas) return known.hash;
  const hash = hashOf(object, look);
  HASHES.set(object, { hash, ...look });
  return hash;
}

const HASHES = new WeakMap<ObservedObject, Look & { readonly hash: string }>();

function hashOf(object: ObservedObject, look: Look): string {
  const { kind, raw, labels, ownerUids } = object;
  // Only metadata of Secrets are watched; nobody writes a Secret's status, so any change counts.
  if (kind === "Secret") return object.resourceVersion;
  const content = Object.entries(raw).filter(([field]) => !IGNORED.has(field));
  return contentHash([
    content.map(([field, value]) => [field, look.ignoresReplicas ? withoutReplicas(value) : value]),
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
