import type { NamedChild } from "../desired/manifest.ts";
import type { Platform } from "../desired/platform.ts";
import type { ObservedObject } from "../metadata/observed-object.ts";
import { kindNamed, objectPath, REVISION_KIND } from "../metadata/resource-kinds.ts";
import type { ApiClient } from "../runtime/api-client.ts";
import { isConflict, isNotFound } from "../runtime/api-error.ts";
import { childKey } from "./child-head.ts";

/**
 * Objects that the platform owns and no longer wants. Only what it owns by reference: retained
 * volumes and Secrets have no owner and are never deleted from here. Pure.
 */
export function surplus(
  platform: Platform,
  children: readonly NamedChild[],
  seen: ReadonlyMap<string, ObservedObject>,
): ObservedObject[] {
  const wanted = new Set(children.map(childKey));
  return [...seen].flatMap(([key, object]) =>
    !wanted.has(key) && isOurs(platform, object) ? [object] : [],
  );
}

/** Revisions are no children: the rollout keeps and forgets them by its own rule. */
function isOurs({ uid }: Platform, { kind, deleting, ownerUids }: ObservedObject): boolean {
  return kind !== REVISION_KIND.kind && !deleting && ownerUids.includes(uid);
}

/** Deletes one object, unless it has been replaced by another of the same name meanwhile. */
export async function remove(client: ApiClient, object: ObservedObject): Promise<void> {
  try {
    await client.call({
      method: "DELETE",
      path: objectPath(kindNamed(object.kind), object.namespace, object.name),
      body: {
        apiVersion: "v1",
        kind: "DeleteOptions",
        // Also takes the pods of a Job along, which the default for Jobs would leave behind.
        propagationPolicy: "Background",
        preconditions: { uid: object.uid },
      },
    });
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}
