import { contentHash } from "../desired/content-hash.ts";
import type { Context } from "../desired/context.ts";
import { desired } from "../desired/index.ts";
import type { Child } from "../desired/manifest.ts";
import { templateHash } from "../desired/workload-template.ts";
import { childKey, headOf, type ChildHead } from "./child-head.ts";

interface Entry {
  readonly key: string;
  readonly heads: readonly ChildHead[];
  /** Whole, the children take 0.26 MB a platform, their heads 0.06; only what writes needs them whole. */
  readonly children: WeakRef<readonly Child[]>;
}

export interface DesiredChildren {
  readonly heads: readonly ChildHead[];
  /** The child of a head, worked out again where it isn't at hand any more. */
  readonly whole: (head: ChildHead) => Child;
}

/**
 * The list of children as long as nothing it depends on has changed. Every event of a pod leads
 * to a run, and making and hashing 130 manifests is most of what a run costs (20 ms of 25).
 */
export class DesiredMemo {
  readonly #entries = new Map<string, Entry>();

  childrenOf(context: Context): DesiredChildren {
    const name = `${context.platform.namespace}/${context.platform.name}`;
    const key = keyOf(context);
    const known = this.#entries.get(name);
    const entry = known?.key === key ? known : makeEntry(key, context);
    this.#entries.set(name, entry);
    let children: ReadonlyMap<string, Child> | undefined;
    return {
      heads: entry.heads,
      whole: (head) => {
        children ??= byKey(entry.children.deref() ?? desired(context));
        const child = children.get(childKey(head));
        if (child === undefined) throw new Error(`${childKey(head)} is no child of ${name}.`);
        return child;
      },
    };
  }

  forget(namespace: string, name: string): void {
    this.#entries.delete(`${namespace}/${name}`);
  }
}

function makeEntry(key: string, context: Context): Entry {
  const children = desired(context);
  return { key, heads: children.map(headOf), children: new WeakRef(children) };
}

function byKey(children: readonly Child[]): ReadonlyMap<string, Child> {
  return new Map(children.map((child) => [childKey(child), child]));
}

/** Everything desired reads; it is pure, so equal inputs mean equal children. */
function keyOf({ platform, secrets, monitoringKinds, pins, ...rest }: Context): string {
  const templates = [...pins].map(([name, template]) => [name, templateHash(template)]);
  return contentHash([platform, [...secrets], [...monitoringKinds], templates, rest], 32);
}
