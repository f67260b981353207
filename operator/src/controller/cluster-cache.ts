import {
  LABEL_INSTANCE,
  LABEL_MANAGED_BY,
  MANAGED_BY,
  MANAGED_SELECTOR,
} from "../metadata/labels.ts";
import type { ObservedObject } from "../metadata/observed-object.ts";
import {
  OWNED_KINDS,
  PLATFORM_KIND,
  POD_KIND,
  REVISION_KIND,
  type ResourceKind,
} from "../metadata/resource-kinds.ts";
import type { ApiClient } from "../runtime/api-client.ts";
import { Reflector } from "../runtime/reflector.ts";
import { createSharedWords } from "./shared-words.ts";
import { trimCopy } from "./trim-copy.ts";

export interface CacheOptions {
  readonly client: ApiClient;
  /** Namespaces to watch; none means the whole cluster. */
  readonly namespaces: readonly string[];
  /** Told of the platform (`namespace/name`) that something changed in. */
  readonly onChange: (platformKey: string) => void;
  readonly onError: (kind: string, error: unknown) => void;
}

/** Read by name where they are needed: Secrets for safety, revisions for their size. */
const METADATA_ONLY = new Set(["Secret", REVISION_KIND.kind]);

/**
 * Secrets of people have none of our labels and have to be seen all the same: a login that is rotated shall reach the pods at
 * once. Only metadata, and without those that are many and never a store's.
 */
const GIVEN_SECRETS = {
  fieldSelector: "type!=helm.sh/release.v1,type!=kubernetes.io/service-account-token",
};

const OURS = { labelSelector: MANAGED_SELECTOR };

/** Copies of all platforms and of everything under them, kept current by watches. */
export class ClusterCache {
  readonly #options: CacheOptions;
  readonly #share = createSharedWords();
  readonly #platforms: readonly Reflector[];
  readonly #children = new Map<string, readonly Reflector[]>();
  /** Kinds that came with `follow`, and what ends their watches. */
  readonly #followed = new Map<string, AbortController>();

  constructor(options: CacheOptions) {
    this.#options = options;
    this.#platforms = this.#reflect(PLATFORM_KIND, {});
    for (const kind of [...OWNED_KINDS, REVISION_KIND, POD_KIND]) {
      const selector = kind.kind === "Secret" ? GIVEN_SECRETS : OURS;
      this.#children.set(kind.kind, this.#reflect(kind, selector));
    }
  }

  #reflect(kind: ResourceKind, selector: Readonly<Record<string, string>>): readonly Reflector[] {
    const { client, namespaces, onChange, onError } = this.#options;
    const scopes = namespaces.length === 0 ? [undefined] : namespaces;
    return scopes.map(
      (namespace) =>
        new Reflector({
          client,
          kind,
          namespace,
          selector,
          metadataOnly: METADATA_ONLY.has(kind.kind),
          ...(kind !== PLATFORM_KIND && { trim: (object) => this.#trim(object) }),
          onChange: (object) => this.#platformsOf(object).forEach(onChange),
          onError: (error) => onError(kind.kind, error),
        }),
    );
  }

  #trim(object: ObservedObject): ObservedObject {
    const copy = trimCopy(object);
    return copy === object ? copy : this.#share(copy);
  }

  /** Watches these kinds too until the signal aborts, and no more what an earlier call named and this one doesn't. */
  follow(kinds: readonly ResourceKind[], signal: AbortSignal): void {
    const wanted = new Set(kinds.map(({ kind }) => kind));
    for (const [kind, end] of this.#followed) {
      if (wanted.has(kind)) continue;
      end.abort();
      this.#followed.delete(kind);
      this.#children.delete(kind);
    }
    for (const kind of kinds.filter((one) => !this.#followed.has(one.kind))) {
      const end = new AbortController();
      const reflectors = this.#reflect(kind, OURS);
      this.#followed.set(kind.kind, end);
      this.#children.set(kind.kind, reflectors);
      const ended = AbortSignal.any([signal, end.signal]);
      // They tell their errors themselves, and end with the signal.
      for (const reflector of reflectors) void reflector.run(ended);
    }
  }

  /** Watches everything but what is followed, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const own = [...this.#children].filter(([kind]) => !this.#followed.has(kind));
    const all = [...this.#platforms, ...own.flatMap(([, reflectors]) => reflectors)];
    await Promise.all(all.map(async (reflector) => await reflector.run(signal)));
  }

  get synced(): boolean {
    const all = [...this.#platforms, ...[...this.#children.values()].flat()];
    return all.every((reflector) => reflector.synced);
  }

  platforms(): ObservedObject[] {
    return this.#platforms.flatMap((reflector) => [...reflector.all()]);
  }

  platform(namespace: string, name: string): ObservedObject | undefined {
    return firstDefined(this.#platforms, (reflector) => reflector.get(namespace, name));
  }

  child(kind: string, namespace: string, name: string): ObservedObject | undefined {
    return firstDefined(this.#children.get(kind) ?? [], (reflector) =>
      reflector.get(namespace, name),
    );
  }

  /** All objects of a kind under all platforms. */
  all(kind: string): ObservedObject[] {
    return (this.#children.get(kind) ?? []).flatMap((reflector) => [...reflector.all()]);
  }

  /** Everything labelled as the platform's, by `Kind/name`; pods apart. */
  childrenOf(namespace: string, platform: string) {
    const children = new Map<string, ObservedObject>();
    const pods: ObservedObject[] = [];
    for (const reflector of [...this.#children.values()].flat()) {
      for (const object of reflector.of(namespace)) {
        if (!isChildOf(object, platform)) continue;
        if (object.kind === POD_KIND.kind) pods.push(object);
        else children.set(`${object.kind}/${object.name}`, object);
      }
    }
    return { children, pods };
  }

  /** Whom a change concerns; a Secret without our labels may be of any platform beside it. */
  #platformsOf({ kind, namespace, name, labels }: ObservedObject): string[] {
    if (kind === PLATFORM_KIND.kind) return [`${namespace}/${name}`];
    if (labels[LABEL_MANAGED_BY] === MANAGED_BY) {
      return [`${namespace}/${labels[LABEL_INSTANCE] ?? ""}`];
    }
    return this.platforms()
      .filter((platform) => platform.namespace === namespace)
      .map((platform) => `${namespace}/${platform.name}`);
  }

  /** What a write has just returned: the watch brings it only later. */
  learn(object: ObservedObject): void {
    const isPlatform = object.kind === PLATFORM_KIND.kind;
    const reflectors = isPlatform ? this.#platforms : (this.#children.get(object.kind) ?? []);
    for (const reflector of reflectors) reflector.learn(object);
  }
}

function isChildOf({ labels }: ObservedObject, platform: string): boolean {
  return labels[LABEL_MANAGED_BY] === MANAGED_BY && labels[LABEL_INSTANCE] === platform;
}

function firstDefined<T>(
  reflectors: readonly Reflector[],
  read: (reflector: Reflector) => T | undefined,
): T | undefined {
  for (const reflector of reflectors) {
    const found = read(reflector);
    if (found !== undefined) return found;
  }
  return undefined;
}
