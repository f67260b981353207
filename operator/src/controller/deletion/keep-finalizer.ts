import type { PlatformResource } from "../../api/platform.ts";
import type { Platform } from "../../desired/platform.ts";
import { FIELD_MANAGER, FINALIZER_BROKER } from "../../metadata/labels.ts";
import { observed, type ObservedObject } from "../../metadata/observed-object.ts";
import { objectPath, PLATFORM_KIND } from "../../metadata/resource-kinds.ts";
import type { ApiClient } from "../../runtime/api-client.ts";

type Metadata = Pick<
  PlatformResource["metadata"],
  "name" | "namespace" | "resourceVersion" | "finalizers"
>;

/**
 * Whether the resource may only go after its topology: everything else under a platform belongs to it by reference, but a broker of
 * somebody else knows nothing of Kubernetes.
 */
export function needsFinalizer({ rabbitmq, retainVolumes }: Platform): boolean {
  return rabbitmq.embedded === undefined && !retainVolumes;
}

/**
 * Sets or takes away the finalizer as the spec has it now; answers the resource where it was written. Before anything is declared:
 * what was declared without it would be left behind.
 */
export async function keepFinalizer(
  client: ApiClient,
  platform: Platform,
  metadata: Metadata,
): Promise<ObservedObject | undefined> {
  const isThere = metadata.finalizers.includes(FINALIZER_BROKER);
  if (isThere === needsFinalizer(platform)) return undefined;
  return await writeFinalizers(
    client,
    metadata,
    isThere ? without(metadata.finalizers) : [...metadata.finalizers, FINALIZER_BROKER],
  );
}

/** Lets a deleted resource go, as far as this finalizer holds it. */
export async function dropFinalizer(client: ApiClient, metadata: Metadata): Promise<void> {
  await writeFinalizers(client, metadata, without(metadata.finalizers));
}

function without(finalizers: readonly string[]): string[] {
  return finalizers.filter((name) => name !== FINALIZER_BROKER);
}

/** The list is written as a whole, so only over the very resource that was read: others may have finalizers there, too. */
async function writeFinalizers(
  client: ApiClient,
  { namespace, name, resourceVersion }: Metadata,
  finalizers: readonly string[],
): Promise<ObservedObject> {
  const answer = await client.call({
    method: "PATCH",
    path: objectPath(PLATFORM_KIND, namespace, name),
    query: { fieldManager: FIELD_MANAGER },
    contentType: "application/merge-patch+json",
    body: { metadata: { resourceVersion, finalizers } },
  });
  return observed(PLATFORM_KIND.kind, answer);
}
