import { ANNOTATION_CONFIG_HASH, ANNOTATION_TEMPLATE } from "../metadata/labels.ts";
import { SERVICE_URLS_CONFIG_MAP } from "../metadata/names.ts";
import { environmentHash } from "./config-hash.ts";
import type { Context } from "./context.ts";
import type { Child } from "./manifest.ts";
import type { Platform } from "./platform.ts";
import {
  isWorkload,
  templateHash,
  workload,
  type PinnedTemplate,
  type Templates,
} from "./workload-template.ts";
import { serviceUrls } from "./service-urls.ts";

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
