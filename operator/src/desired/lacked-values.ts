import { z } from "zod";
import { EXTERNAL_STORES_SECRET } from "../metadata/names.ts";
import type { Context } from "./context.ts";
import { externalStoreKeys } from "./external-stores.ts";
import type { Child } from "./manifest.ts";
import { containerWithEnvironment } from "./workload-template.ts";

const secretFiles = z.object({
  secretName: z.string().optional(),
  name: z.string().optional(),
  items: z.array(z.object({ key: z.string() })).default([]),
});
const volume = z.object({
  secret: secretFiles.optional(),
  projected: z
    .object({ sources: z.array(z.object({ secret: secretFiles.optional() })) })
    .optional(),
});
const workload = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({
        containers: z.array(containerWithEnvironment),
        volumes: z.array(volume).default([]),
      }),
    }),
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
  const { containers, volumes } = parsed.data.spec.template.spec;
  const references = containers
    .flatMap(({ env }) => (env ?? []).flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? []))
    .filter(({ optional }) => optional !== true);
  const files = volumes
    .flatMap(({ secret, projected }) => [
      secret,
      ...(projected?.sources ?? []).map((one) => one.secret),
    ])
    .flatMap((one) => one ?? [])
    .filter((one) => (one.secretName ?? one.name) === EXTERNAL_STORES_SECRET);
  return [
    ...new Set([
      ...references.flatMap(({ name, key }) => lacks(name ?? "", key)),
      ...files.flatMap(({ items }) =>
        items.flatMap(({ key }) => lacks(EXTERNAL_STORES_SECRET, key)),
      ),
    ]),
  ];
}
