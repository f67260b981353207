import type { Registry } from "prom-client";
import type { Metrics } from "./metrics.ts";

/** Makes a group of metrics at its first use in a registry and answers the same one afterwards: names are unique there. */
export const oncePerRegistry = <T>(
  create: (registry: Registry) => T,
): ((metrics: Metrics) => T) => {
  const known = new WeakMap<Registry, T>();
  return ({ registry }) => {
    const existing = known.get(registry);
    if (existing !== undefined) return existing;
    const made = create(registry);
    known.set(registry, made);
    return made;
  };
};
