import { contentHash } from "../desired/content-hash.ts";
import type { Child, NamedChild } from "../desired/manifest.ts";

/** What every run asks of a child; its body is only needed where it is written. */
export interface ChildHead extends NamedChild, Pick<Child, "after" | "replicasAtCreation"> {
  /** Of the whole manifest. */
  readonly hash: string;
}

export function headOf({ manifest, after, replicasAtCreation }: Child): ChildHead {
  const { kind, metadata } = manifest;
  const { name, namespace, labels } = metadata;
  return {
    manifest: { kind, metadata: { name, namespace, labels } },
    after,
    replicasAtCreation,
    hash: contentHash(manifest, 32),
  };
}

/** `Kind/name`. */
export function childKey({ manifest }: NamedChild): string {
  return `${manifest.kind}/${manifest.metadata.name}`;
}
