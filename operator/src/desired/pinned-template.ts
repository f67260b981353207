import { z } from "zod";
import { ANNOTATION_CONFIG_HASH, ANNOTATION_TEMPLATE } from "../metadata/labels.ts";
import { SERVICE_URLS_CONFIG_MAP } from "../metadata/names.ts";
import { environmentHash } from "./config-hash.ts";
import { contentHash } from "./content-hash.ts";
import type { Context } from "./context.ts";
import type { Child } from "./manifest.ts";
import type { Platform } from "./platform.ts";
import { serviceUrls } from "./service-urls.ts";

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

const workload = z.looseObject({ template: z.unknown() });

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

function isWorkload({ manifest }: Child): boolean {
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

/**
 * The platform with the images of the pinned templates: a migration belongs to the image that is
 * on its way, and the status shows what runs.
 */
export function withPinnedImages(platform: Platform, pins: Templates): Platform {
  return {
    ...platform,
    services: platform.services.map((service) => {
      const image = pins.get(service.facts.name)?.spec.containers[0]?.image;
      return image === undefined ? service : { ...service, image };
    }),
  };
}

/**
 * The children with pinned pod templates in place of the ones this operator would make. The rest
 * of each object, and the hash of what its containers read at their start, is of today.
 */
export function withPinnedTemplates(context: Context, children: readonly Child[]): Child[] {
  return children.map((child) => {
    const pin = isWorkload(child) ? context.pins.get(child.manifest.metadata.name) : undefined;
    return pin === undefined ? child : withTemplate(context, child, pin);
  });
}

function withTemplate(context: Context, child: Child, pin: PinnedTemplate): Child {
  const { manifest } = child;
  const annotations = {
    ...pin.metadata.annotations,
    [ANNOTATION_CONFIG_HASH]: configurationHash(context, pin),
  };
  const template = { ...pin, metadata: { ...pin.metadata, annotations } };
  return {
    ...child,
    manifest: {
      ...manifest,
      metadata: {
        ...manifest.metadata,
        annotations: { [ANNOTATION_TEMPLATE]: templateHash(pin) },
      },
      spec: { ...workload.parse(manifest["spec"]), template },
    },
  };
}

function configurationHash({ platform, secrets }: Context, pin: PinnedTemplate): string {
  const [first] = pin.spec.containers;
  const readsUrls = first?.envFrom?.some(
    ({ configMapRef }) => configMapRef?.name === SERVICE_URLS_CONFIG_MAP,
  );
  const configMaps = readsUrls === true ? { [SERVICE_URLS_CONFIG_MAP]: serviceUrls(platform) } : {};
  return environmentHash(first ?? {}, secrets, configMaps);
}
