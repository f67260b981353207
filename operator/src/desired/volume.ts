import type { V1PersistentVolumeClaim } from "@kubernetes/client-node";
import type { Component } from "../metadata/labels.ts";
import { child, type Child } from "./manifest.ts";
import { metadataOf } from "./metadata-of.ts";
import type { EmbeddedStore, Platform } from "./platform.ts";

/**
 * Volume of an embedded store. A claim of our own and not a volumeClaimTemplate: those can't be
 * changed once the StatefulSet is there, and a volume should be able to grow.
 */
export function storeVolume(
  platform: Platform,
  name: string,
  app: string,
  component: Component,
  store: EmbeddedStore,
): Child {
  const manifest = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: metadataOf(platform, name, app, component),
    spec: {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: store.storageSize } },
      ...(store.storageClassName !== undefined && { storageClassName: store.storageClassName }),
    },
  } satisfies V1PersistentVolumeClaim;
  return child(platform, manifest, { retained: platform.retainVolumes });
}
