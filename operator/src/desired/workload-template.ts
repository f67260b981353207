import { z } from "zod";
import { ANNOTATION_CONFIG_HASH } from "../metadata/labels.ts";
import { contentHash } from "./content-hash.ts";
import type { Child } from "./manifest.ts";

const variable = z.looseObject({
  name: z.string(),
  value: z.string().exactOptional(),
  valueFrom: z
    .looseObject({
      secretKeyRef: z
        .looseObject({ name: z.string().exactOptional(), key: z.string() })
        .exactOptional(),
    })
    .exactOptional(),
});
export const containerWithEnvironment = z.looseObject({
  image: z.string(),
  env: z.array(variable).exactOptional(),
  envFrom: z
    .array(z.looseObject({ configMapRef: z.looseObject({ name: z.string() }).exactOptional() }))
    .exactOptional(),
});

/** A pod template as a revision keeps it: without the hash of the configuration, which moves on. */
export const podTemplate = z.looseObject({
  metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).default({}) }),
  spec: z.looseObject({ containers: z.array(containerWithEnvironment).min(1) }),
});

export type PinnedTemplate = z.infer<typeof podTemplate>;

/** Templates by name of the workload; no Deployment has a StatefulSet's name. */
export type Templates = ReadonlyMap<string, PinnedTemplate>;

/** What of a workload matters here. */
export const workload = z.looseObject({ template: z.unknown() });

/** The pod templates of a list of children. */
export function templatesOf(children: readonly Child[]): Templates {
  return new Map(
    children.filter(isWorkload).map(({ manifest }) => {
      const template = podTemplate.parse(workload.parse(manifest["spec"]).template);
      const { [ANNOTATION_CONFIG_HASH]: _, ...annotations } = template.metadata.annotations;
      return [
        manifest.metadata.name,
        { ...template, metadata: { ...template.metadata, annotations } },
      ];
    }),
  );
}

/** Whether it has a pod template: no other kind of ours has. */
export function isWorkload({ manifest }: Child): boolean {
  return manifest.kind === "Deployment" || manifest.kind === "StatefulSet";
}

/** Tells one template from another; also in the annotation of the workload that runs it. */
export function templateHash(template: PinnedTemplate): string {
  const known = HASHES.get(template);
  if (known !== undefined) return known;
  const hash = contentHash(template);
  HASHES.set(template, hash);
  return hash;
}

const HASHES = new WeakMap<PinnedTemplate, string>();
