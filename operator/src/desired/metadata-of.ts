import { labelsOf, type Component } from "../metadata/labels.ts";
import type { ManifestMetadata } from "./manifest.ts";
import type { Platform } from "./platform.ts";

/** Metadata of a child: its name, and labels that say which app it belongs to. */
export function metadataOf(
  platform: Platform,
  name: string,
  app: string,
  component: Component,
): Pick<ManifestMetadata, "name" | "namespace" | "labels"> {
  return { name, namespace: platform.namespace, labels: labelsOf(platform.name, app, component) };
}

/** What a service's Deployment is called in labels. */
export function componentOf(serviceKey: string): Component {
  if (serviceKey === "api-gateway") return "gateway";
  return serviceKey === "payment-simulator" ? "provider" : "service";
}
