import { MANAGED_SELECTOR, LABEL_INSTANCE } from "../metadata/labels.ts";
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
import { trimCopy } from "./trim-copy.ts";

export interface CacheOptions {
  readonly client: ApiClient;
  /** Namespaces to watch; none means the whole cluster. */
  readonly namespaces: readonly string[];
  readonly kinds: readonly ResourceKind[];
  /** Told of the platform (`namespace/name`) that something changed in. */
  readonly onChange: (platformKey: string) => void;
  readonly onError: (kind: string, error: unknown) => void;
}

/** Read by name where they are needed: Secrets for safety, revisions for their size. */
const METADATA_ONLY = new Set(["Secret", REVISION_KIND.kind]);

/** Copies of all platforms and of everything under them, kept current by watches. */
export class ClusterCache {
  readonly #platforms: readonly Reflector[];
  readonly #children = new Map<string, readonly Reflector[]>();

  constructor(options: CacheOptions) {
    const scopes = options.namespaces.length === 0 ? [undefined] : options.namespaces;
    const reflect = (kind: ResourceKind, labelSelector: string | undefined) =>
      scopes.map(
        (namespace) =>
          new Reflector({
            client: options.client,
            kind,
            namespace,
            labelSelector,
            metadataOnly: METADATA_ONLY.has(kind.kind),
            ...(kind !== PLATFORM_KIND && { trim: trimCopy }),
            onChange: (object) => options.onChange(platformKeyOf(object)),
            onError: (error) => options.onError(kind.kind, error),
          }),
      );
    this.#platforms = reflect(PLATFORM_KIND, undefined);
    for (const kind of [...options.kinds, POD_KIND]) {
      this.#children.set(kind.kind, reflect(kind, MANAGED_SELECTOR));
    }
  }

  async run(signal: AbortSignal): Promise<void> {
    const all = [...this.#platforms, ...[...this.#children.values()].flat()];
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
        if (object.labels[LABEL_INSTANCE] !== platform) continue;
        if (object.kind === POD_KIND.kind) pods.push(object);
        else children.set(`${object.kind}/${object.name}`, object);
      }
    }
    return { children, pods };
  }

  /** What a write has just returned: the watch brings it only later. */
  learn(object: ObservedObject): void {
    const isPlatform = object.kind === PLATFORM_KIND.kind;
    const reflectors = isPlatform ? this.#platforms : (this.#children.get(object.kind) ?? []);
    for (const reflector of reflectors) reflector.learn(object);
  }
}

/** The kinds that are watched where the cluster knows them all. */
export function watchedKinds(monitoring: readonly ResourceKind[]): readonly ResourceKind[] {
  return [...OWNED_KINDS, REVISION_KIND, ...monitoring];
}

function platformKeyOf(object: ObservedObject): string {
  const name =
    object.kind === PLATFORM_KIND.kind ? object.name : (object.labels[LABEL_INSTANCE] ?? "");
  return `${object.namespace}/${name}`;
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
