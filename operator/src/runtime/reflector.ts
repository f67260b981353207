import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { collectionPath, type ResourceKind } from "../metadata/resource-kinds.ts";
import type { ApiClient } from "./api-client.ts";
import { ApiError, isGone } from "./api-error.ts";
import { backoffMs } from "./backoff.ts";
import { observed, type ObservedObject } from "../metadata/observed-object.ts";
import { ObjectCopies } from "./object-copies.ts";

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
  /** Other limits than LIMITS, for tests that can't wait for minutes. */
  readonly limits?: Partial<Limits>;
}

interface Limits {
  readonly pageSize: number;
  readonly watchSecondsMin: number;
  readonly watchSecondsSpread: number;
  readonly silenceMaxMs: number;
}

const LIMITS: Limits = {
  // A page is held twice while it is parsed; Deployments come with 12 kB each.
  pageSize: 250,
  // The server ends a watch after this; spread, so that all watches don't start again at once.
  watchSecondsMin: 240,
  watchSecondsSpread: 120,
  // The server sends a bookmark about once a minute: longer silence is a dead connection.
  silenceMaxMs: 150_000,
};

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
  readonly #limits: Limits;
  readonly #copies: ObjectCopies;
  #resourceVersion = "";
  #synced = false;

  constructor(options: ReflectorOptions) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    this.#copies = new ObjectCopies(options);
  }

  /** Whether the first list is complete. */
  get synced(): boolean {
    return this.#synced;
  }

  get(namespace: string, name: string): ObservedObject | undefined {
    return this.#copies.get(namespace, name);
  }

  all(): Iterable<ObservedObject> {
    return this.#copies.all();
  }

  of(namespace: string): Iterable<ObservedObject> {
    return this.#copies.of(namespace);
  }

  /** Takes over an object that a write has just returned, unless the watch was faster. */
  learn(object: ObservedObject): void {
    this.#copies.learn(object);
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
    for (const object of this.#copies.all()) {
      if (seen.has(keyOf(object))) continue;
      this.#copies.remove(object);
      this.#options.onChange(object);
    }
    this.#resourceVersion = resourceVersion;
    this.#synced = true;
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const silence = new AbortController();
    const { silenceMaxMs } = this.#limits;
    let timer = setTimeout(() => silence.abort(), silenceMaxMs);
    try {
      const lines = this.#options.client.lines(
        this.#watchCall(),
        AbortSignal.any([signal, silence.signal]),
      );
      for await (const line of lines) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), silenceMaxMs);
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
      this.#copies.remove(gone);
      this.#resourceVersion = gone.resourceVersion;
      this.#options.onChange(gone);
      return;
    }
    this.#resourceVersion = this.#put(event.object).resourceVersion;
  }

  #put(value: unknown): ObservedObject {
    const object = observed(this.#options.kind.kind, value);
    if (this.#copies.put(object)) this.#options.onChange(object);
    return object;
  }

  #listCall(continueToken: string | undefined) {
    return this.#call("PartialObjectMetadataList", {
      limit: String(this.#limits.pageSize),
      ...(continueToken !== undefined && { continue: continueToken }),
    });
  }

  #watchCall() {
    const { watchSecondsMin, watchSecondsSpread } = this.#limits;
    const seconds = watchSecondsMin + Math.floor(Math.random() * watchSecondsSpread);
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

function keyOf(object: ObservedObject): string {
  return `${object.namespace}/${object.name}`;
}
