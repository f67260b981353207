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

/**
 * Secrets of people have none of our labels and have to be seen all the same: a login that is rotated shall reach the pods at
 * once. Only metadata, and without those that are many and never a store's.
 */
const GIVEN_SECRETS = {
  fieldSelector: "type!=helm.sh/release.v1,type!=kubernetes.io/service-account-token",
};

/** Copies of all platforms and of everything under them, kept current by watches. */
export class ClusterCache {
  readonly #platforms: readonly Reflector[];
  readonly #children = new Map<string, readonly Reflector[]>();

  constructor(options: CacheOptions) {
    const scopes = options.namespaces.length === 0 ? [undefined] : options.namespaces;
    const reflect = (kind: ResourceKind, selector: Readonly<Record<string, string>>) =>
      scopes.map(
        (namespace) =>
          new Reflector({
            client: options.client,
            kind,
            namespace,
            selector,
            metadataOnly: METADATA_ONLY.has(kind.kind),
            trim: trimmed,
            onChange: (object) => this.#platformsOf(object).forEach(options.onChange),
            onError: (error) => options.onError(kind.kind, error),
          }),
      );
    this.#platforms = reflect(PLATFORM_KIND, {});
    for (const kind of [...options.kinds, POD_KIND]) {
      const ours = { labelSelector: MANAGED_SELECTOR };
      this.#children.set(kind.kind, reflect(kind, kind.kind === "Secret" ? GIVEN_SECRETS : ours));
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
      for (const object of reflector.all()) {
        if (object.namespace !== namespace || !isChildOf(object, platform)) continue;
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

/** The kinds that are watched where the cluster knows them all. */
export function watchedKinds(monitoring: readonly ResourceKind[]): readonly ResourceKind[] {
  return [...OWNED_KINDS, REVISION_KIND, ...monitoring];
}

/** Pods are kept for their state alone; Secrets without their contents. */
function trimmed(object: ObservedObject): ObservedObject {
  if (object.kind === "Pod") return { ...object, raw: { status: object.raw["status"] } };
  if (object.kind === "Secret") {
    const isOurs = object.labels[LABEL_MANAGED_BY] === MANAGED_BY;
    return { ...object, labels: isOurs ? object.labels : {}, raw: {} };
  }
  return object;
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
