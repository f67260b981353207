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

  isCurrent(key: string, desired: string, object: ObservedObject): boolean {
    const entry = this.#entries.get(key);
    return (
      entry !== undefined &&
      entry.uid === object.uid &&
      entry.desired === desired &&
      entry.observed === observedHash(object)
    );
  }

  /** The wish is the same as last time, but somebody changed the object since. */
  hasDrifted(key: string, desired: string, object: ObservedObject): boolean {
    const entry = this.#entries.get(key);
    return (
      entry !== undefined &&
      entry.uid === object.uid &&
      entry.desired === desired &&
      entry.observed !== observedHash(object)
    );
  }

  remember(key: string, desired: string, object: ObservedObject): void {
    this.#entries.set(key, { uid: object.uid, desired, observed: observedHash(object) });
  }

  forget(key: string): void {
    this.#entries.delete(key);
  }

  /** Drops all entries whose key starts so: a platform is gone. */
  forgetAll(prefix: string): void {
    for (const key of this.#entries.keys()) if (key.startsWith(prefix)) this.#entries.delete(key);
  }
}

/**
 * Hash of what people and controllers may change: everything but the status, bookkeeping, and the
 * replicas of a Deployment, which an HPA moves all day.
 */
export function observedHash(object: ObservedObject): string {
  const { kind, raw, labels, ownerUids } = object;
  // Only metadata of Secrets are watched; nobody writes a Secret's status, so any change counts.
  if (kind === "Secret") return object.resourceVersion;
  const content = Object.entries(raw).filter(([field]) => !IGNORED.has(field));
  return contentHash([
    content.map(([field, value]) => [
      field,
      kind === "Deployment" ? withoutReplicas(value) : value,
    ]),
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
