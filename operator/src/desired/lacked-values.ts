import { z } from "zod";
import { EXTERNAL_STORES_SECRET } from "../metadata/names.ts";
import type { Context } from "./context.ts";
import { externalStoreKeys, FILE_VARIABLES } from "./external-stores.ts";
import type { Child } from "./manifest.ts";
import { containerWithEnvironment } from "./pinned-template.ts";

const workload = z.object({
  spec: z.object({
    template: z.object({ spec: z.object({ containers: z.array(containerWithEnvironment) }) }),
  }),
});

/**
 * Values out of Secrets that a child needs and that aren't there, as `Secret/name key`. Such a child is left as it is (or isn't made): its
 * new pods couldn't start, and a Secret made from half of what it takes would be worse than the old one. Pure.
 */
export function lackedValues({ platform, secrets }: Context, { manifest }: Child): string[] {
  const lacks = (name: string, key: string) =>
    (secrets.get(name)?.[key] ?? "") === "" ? [`Secret/${name} ${key}`] : [];
  if (manifest.kind === "Secret" && manifest.metadata.name === EXTERNAL_STORES_SECRET) {
    return externalStoreKeys(platform).flatMap((key) => lacks(EXTERNAL_STORES_SECRET, key));
  }
  const parsed = workload.safeParse(manifest);
  if (!parsed.success) return [];
  const variables = parsed.data.spec.template.spec.containers.flatMap(({ env }) => env ?? []);
  const found = variables.flatMap(({ name, value, valueFrom }) => {
    const reference = valueFrom?.secretKeyRef;
    if (reference?.optional === true) return [];
    if (reference !== undefined) return lacks(reference.name ?? "", reference.key);
    const key = FILE_VARIABLES[name];
    return key !== undefined && value?.endsWith(key) === true
      ? lacks(EXTERNAL_STORES_SECRET, key)
      : [];
  });
  return [...new Set(found)];
}
