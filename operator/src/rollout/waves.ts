import { templateHash, type Templates } from "../desired/workload-template.ts";
import type { RolloutSettings } from "../desired/rollout-settings.ts";

/**
 * The waves that a change of templates takes: only workloads that change, in the order of the
 * settings. What no wave names (stores, the pool, services that were forgotten) goes first:
 * everything else stands on it. All at once is one wave. Pure.
 */
export function wavesOf(
  settings: Pick<RolloutSettings, "isPhased" | "waves">,
  from: Templates,
  to: Templates,
): readonly (readonly string[])[] {
  const changed = [...to.keys()].filter((name) => hashIn(from, name) !== hashIn(to, name));
  if (!settings.isPhased) return changed.length === 0 ? [] : [changed];
  const named = new Set(settings.waves.flat());
  const [first = [], ...others] = settings.waves;
  const unnamed = changed.filter((name) => !named.has(name));
  return [unnamed, first, ...others]
    .map((wave) => wave.filter((name) => changed.includes(name)))
    .filter((wave) => wave.length > 0);
}

function hashIn(templates: Templates, name: string): string | undefined {
  const template = templates.get(name);
  return template === undefined ? undefined : templateHash(template);
}

/** Which template each workload has while the first of `moved` are on `to`. */
export function templatesAmid(
  from: Templates,
  to: Templates,
  moved: ReadonlySet<string>,
): Templates {
  return new Map(
    [...to].map(([name, template]) => {
      const before = moved.has(name) ? undefined : from.get(name);
      return [name, before ?? template];
    }),
  );
}
