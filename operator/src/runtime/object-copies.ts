import type { ObservedObject } from "../metadata/observed-object.ts";

/** More than go within the seconds that a run may take between a write and what it learns of it. */
const GONE_MAX = 1000;

export interface CopiesOptions {
  /** Only objects of this namespace are kept; undefined: of all. */
  readonly namespace: string | undefined;
  /** Makes what is kept smaller. */
  readonly trim?: (object: ObservedObject) => ObservedObject;
}

/**
 * Copies of one kind of objects, by namespace: what is under one platform is found without a look at the others'. Puts
 * what a list and a watch say in order with what writes have taught. Pure memory: knows no API server.
 */
export class ObjectCopies {
  readonly #options: CopiesOptions;
  readonly #namespaces = new Map<string, Map<string, ObservedObject>>();
  /** Uids of what went lately: the answer to a write may come after the word of the deletion. */
  readonly #gone = new Set<string>();

  constructor(options: CopiesOptions) {
    this.#options = options;
  }

  get(namespace: string, name: string): ObservedObject | undefined {
    return this.#namespaces.get(namespace)?.get(name);
  }

  *all(): Generator<ObservedObject> {
    for (const objects of this.#namespaces.values()) yield* objects.values();
  }

  of(namespace: string): Iterable<ObservedObject> {
    return this.#namespaces.get(namespace)?.values() ?? [];
  }

  /** Takes over an object that a write has just returned, unless the watch was faster. */
  learn(object: ObservedObject): void {
    const { namespace } = this.#options;
    // Of an object elsewhere nobody would hear again, not even that it is gone.
    if (namespace !== undefined && namespace !== object.namespace) return;
    // Nor of one that went while the answer was under way: it would stay here as a ghost.
    if (this.#gone.has(object.uid)) return;
    if (!isOlder(object, this.get(object.namespace, object.name))) this.#set(object);
  }

  /** Takes over what a list or a watch says. Answers whether that is news. */
  put(object: ObservedObject): boolean {
    this.#gone.delete(object.uid);
    const before = this.get(object.namespace, object.name);
    // An event from before a write of ours must not bring back what the write changed.
    if (isOlder(object, before)) return false;
    this.#set(object);
    return before?.resourceVersion !== object.resourceVersion;
  }

  /** Removes an object that is gone, but not one of the same name that was made and learned of already. */
  remove(gone: ObservedObject): void {
    const { uid, namespace, name } = gone;
    this.#gone.add(uid);
    const [oldest] = this.#gone;
    if (this.#gone.size > GONE_MAX && oldest !== undefined) this.#gone.delete(oldest);
    const objects = this.#namespaces.get(namespace);
    if (objects?.get(name)?.uid !== uid) return;
    objects.delete(name);
    if (objects.size === 0) this.#namespaces.delete(namespace);
  }

  #set(object: ObservedObject): void {
    const { namespace, name } = object;
    const objects = this.#namespaces.get(namespace) ?? new Map<string, ObservedObject>();
    if (objects.size === 0) this.#namespaces.set(namespace, objects);
    objects.set(name, this.#options.trim?.(object) ?? object);
  }
}

function isOlder(object: ObservedObject, known: ObservedObject | undefined): boolean {
  // Resource versions of one kind can be compared as numbers (guaranteed since Kubernetes 1.35).
  return known !== undefined && Number(object.resourceVersion) < Number(known.resourceVersion);
}
