import type { Platform } from "./platform.ts";

/** An object as it is sent to the API server: raw JSON, no typed model in between. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ManifestMetadata;
  readonly [field: string]: unknown;
}

export interface ManifestMetadata {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly ownerReferences?: readonly OwnerReference[];
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller: boolean;
  readonly blockOwnerDeletion: boolean;
}

/** Something that has to be there before a child may be applied. */
export type Gate =
  | { readonly ready: "StatefulSet"; readonly name: string }
  | { readonly complete: "Job"; readonly name: string };

/** One object under a platform. */
export interface Child {
  readonly manifest: Manifest;
  /** Until all of these hold, the child is neither applied nor pruned. */
  readonly after: readonly Gate[];
  /** Kept when the platform goes, and adopted again by one of the same name. */
  readonly retained: boolean;
  /** Set when an HPA owns the replicas: the count the Deployment is created with. */
  readonly replicasAtCreation: number | undefined;
}

/** A child as far as its address and labels go. */
export interface NamedChild {
  readonly manifest: Pick<Manifest, "kind" | "metadata">;
}

interface ChildOptions {
  readonly after?: readonly Gate[];
  readonly retained?: boolean;
  readonly replicasAtCreation?: number | undefined;
}

/** Wraps a manifest; what isn't retained belongs to the platform and goes with it. */
export function child(platform: Platform, manifest: Manifest, options: ChildOptions = {}): Child {
  const retained = options.retained ?? false;
  return {
    manifest: retained ? manifest : owned(platform, manifest),
    after: options.after ?? [],
    retained,
    replicasAtCreation: options.replicasAtCreation,
  };
}

function owned(platform: Platform, manifest: Manifest): Manifest {
  const owner: OwnerReference = {
    apiVersion: "jatra.dev/v1alpha1",
    kind: "JatraPlatform",
    name: platform.name,
    uid: platform.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
  return { ...manifest, metadata: { ...manifest.metadata, ownerReferences: [owner] } };
}
