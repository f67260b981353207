import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { collectionPath, type ResourceKind } from "../metadata/resource-kinds.ts";
import type { ApiClient } from "./api-client.ts";
import { ApiError, isGone } from "./api-error.ts";
import { backoffMs } from "./backoff.ts";
import { observed, type ObservedObject } from "../metadata/observed-object.ts";

export interface ReflectorOptions {
  readonly client: ApiClient;
  readonly kind: ResourceKind;
  /** One namespace, or all without. */
  readonly namespace: string | undefined;
  /** Which objects of the kind: `labelSelector`, `fieldSelector`, or all. */
  readonly selector: Readonly<Record<string, string>>;
  /** Only metadata are fetched: for Secrets, whose contents nobody needs in memory. */
  readonly metadataOnly?: boolean;
  /** Makes what is kept smaller. */
  readonly trim?: (object: ObservedObject) => ObservedObject;
  /** Told of every object that came, changed or went. */
  readonly onChange: (object: ObservedObject) => void;
  readonly onError: (error: unknown) => void;
}

const PAGE_SIZE = 500;
/** The server ends a watch after this; spread, so that all watches don't start again at once. */
const WATCH_SECONDS_MIN = 240;
const WATCH_SECONDS_SPREAD = 120;
/** The server sends a bookmark about once a minute: longer silence is a dead connection. */
const SILENCE_MAX_MS = 150_000;

/** More than go within the seconds that a run may take between a write and what it learns of it. */
const GONE_MAX = 1000;

const page = z.object({
  metadata: z.object({ resourceVersion: z.string(), continue: z.string().optional() }),
  items: z.array(z.unknown()).nullable(),
});
const watchEvent = z.object({ type: z.string(), object: z.unknown() });
const bookmark = z.object({ metadata: z.object({ resourceVersion: z.string() }) });
const errorStatus = z.object({ code: z.int() });

/**
 * Keeps a copy of one kind of objects: lists in pages, then watches with bookmarks, goes on where
 * it was after any error, and lists again only when the server has forgotten that point (410).
 */
export class Reflector {
  readonly #options: ReflectorOptions;
  readonly #objects = new Map<string, ObservedObject>();
  /** Uids of what went lately: the answer to a write may come after the word of the deletion. */
  readonly #gone = new Set<string>();
  #resourceVersion = "";
  #synced = false;

  constructor(options: ReflectorOptions) {
    this.#options = options;
  }

  /** Whether the first list is complete. */
  get synced(): boolean {
    return this.#synced;
  }

  get(namespace: string, name: string): ObservedObject | undefined {
    return this.#objects.get(`${namespace}/${name}`);
  }

  all(): Iterable<ObservedObject> {
    return this.#objects.values();
  }

  /** Takes over an object that a write has just returned, unless the watch was faster. */
  learn(object: ObservedObject): void {
    const { namespace } = this.#options;
    // Of an object elsewhere it would never hear again, not even that it is gone.
    if (namespace !== undefined && namespace !== object.namespace) return;
    // Nor of one that went while the answer was under way: it would stay here as a ghost.
    if (this.#gone.has(object.uid)) return;
    if (!isOlder(object, this.get(object.namespace, object.name))) {
      this.#objects.set(keyOf(object), this.#trimmed(object));
    }
  }

  /** Runs until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted;) {
      try {
        if (this.#resourceVersion === "") await this.#list();
        await this.#watch(signal);
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (isGone(error)) this.#resourceVersion = "";
        else this.#options.onError(error);
        failures += 1;
        await delay(backoffMs(failures, 200, 10_000), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #list(): Promise<void> {
    const seen = new Set<string>();
    let resourceVersion = "";
    let continueToken: string | undefined;
    do {
      const answer = page.parse(await this.#options.client.call(this.#listCall(continueToken)));
      for (const item of answer.items ?? []) seen.add(keyOf(this.#put(item)));
      resourceVersion = answer.metadata.resourceVersion;
      continueToken = answer.metadata.continue;
    } while (continueToken !== undefined && continueToken !== "");
    for (const [key, object] of this.#objects) {
      if (seen.has(key)) continue;
      this.#objects.delete(key);
      this.#bury(object);
      this.#options.onChange(object);
    }
    this.#resourceVersion = resourceVersion;
    this.#synced = true;
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(), SILENCE_MAX_MS);
    try {
      const lines = this.#options.client.lines(
        this.#watchCall(),
        AbortSignal.any([signal, silence.signal]),
      );
      for await (const line of lines) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), SILENCE_MAX_MS);
        this.#take(JSON.parse(line));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  #take(value: unknown): void {
    const event = watchEvent.parse(value);
    if (event.type === "ERROR") {
      const status = errorStatus.safeParse(event.object);
      throw new ApiError("watch", status.success ? status.data.code : 500, event.object);
    }
    if (event.type === "BOOKMARK") {
      this.#resourceVersion = bookmark.parse(event.object).metadata.resourceVersion;
      return;
    }
    if (event.type === "DELETED") {
      const gone = observed(this.#options.kind.kind, event.object);
      this.#bury(gone);
      this.#resourceVersion = gone.resourceVersion;
      // One of the same name may have been made and learned of already.
      if (this.#objects.get(keyOf(gone))?.uid === gone.uid) this.#objects.delete(keyOf(gone));
      this.#options.onChange(gone);
      return;
    }
    this.#resourceVersion = this.#put(event.object).resourceVersion;
  }

  #bury({ uid }: ObservedObject): void {
    this.#gone.add(uid);
    const [oldest] = this.#gone;
    if (this.#gone.size > GONE_MAX && oldest !== undefined) this.#gone.delete(oldest);
  }

  #put(value: unknown): ObservedObject {
    const object = this.#trimmed(observed(this.#options.kind.kind, value));
    this.#gone.delete(object.uid);
    const before = this.#objects.get(keyOf(object));
    // An event from before a write of ours must not bring back what the write changed.
    if (isOlder(object, before)) return object;
    this.#objects.set(keyOf(object), object);
    if (before?.resourceVersion !== object.resourceVersion) this.#options.onChange(object);
    return object;
  }

  #trimmed(object: ObservedObject): ObservedObject {
    return this.#options.trim?.(object) ?? object;
  }

  #listCall(continueToken: string | undefined) {
    return this.#call("PartialObjectMetadataList", {
      limit: String(PAGE_SIZE),
      ...(continueToken !== undefined && { continue: continueToken }),
    });
  }

  #watchCall() {
    const seconds = WATCH_SECONDS_MIN + Math.floor(Math.random() * WATCH_SECONDS_SPREAD);
    return this.#call("PartialObjectMetadata", {
      watch: "true",
      allowWatchBookmarks: "true",
      resourceVersion: this.#resourceVersion,
      timeoutSeconds: String(seconds),
    });
  }

  #call(metadataKind: string, query: Readonly<Record<string, string>>) {
    const { kind, namespace, selector, metadataOnly } = this.#options;
    return {
      method: "GET",
      path: collectionPath(kind, namespace),
      query: { ...query, ...selector },
      accept:
        metadataOnly === true
          ? `application/json;as=${metadataKind};g=meta.k8s.io;v=v1`
          : "application/json",
    } as const;
  }
}

function isOlder(object: ObservedObject, known: ObservedObject | undefined): boolean {
  // Resource versions of one kind can be compared as numbers (guaranteed since Kubernetes 1.35).
  return known !== undefined && Number(object.resourceVersion) < Number(known.resourceVersion);
}

function keyOf(object: ObservedObject): string {
  return `${object.namespace}/${object.name}`;
}
