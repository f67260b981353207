import type { Context } from "../desired/context.ts";
import { POOL_FILES, poolFilesHash } from "../desired/pgbouncer.ts";
import { ANNOTATION_POOL_FILES, FIELD_MANAGER } from "../metadata/labels.ts";
import { PGBOUNCER } from "../metadata/names.ts";
import { observed, type ObservedObject } from "../metadata/observed-object.ts";
import { objectPath, POD_KIND } from "../metadata/resource-kinds.ts";
import type { ApiClient } from "../runtime/api-client.ts";
import { isConflict, isNotFound } from "../runtime/api-error.ts";
import type { Failure } from "../status/view.ts";

/**
 * Tells the pods of PgBouncer that their files have changed; answers the pods as they are then. A kubelet brings changed files
 * to a pod when it looks at it again, which takes up to 90 s; a changed annotation makes it look at once. The supervisor in
 * the pod then reloads them. Not while the files couldn't be written: the look would be wasted, and none follow.
 */
export async function hastenPool(
  client: ApiClient,
  context: Context,
  pods: readonly ObservedObject[],
  failures: readonly Failure[],
): Promise<readonly ObservedObject[]> {
  if (failures.some(({ child }) => POOL_FILES.includes(child))) return [];
  const hash = poolFilesHash(context);
  const told = await Promise.all(unaware(pods, hash).map((pod) => tellPod(client, pod, hash)));
  return told.filter((pod) => pod !== undefined);
}

/** Pods of the pool that haven't been told of these files. */
export function unaware(pods: readonly ObservedObject[], hash: string): ObservedObject[] {
  return pods.filter(
    ({ labels, annotations, deleting }) =>
      labels["app"] === PGBOUNCER && !deleting && annotations[ANNOTATION_POOL_FILES] !== hash,
  );
}

async function tellPod(
  client: ApiClient,
  { namespace, name, uid }: ObservedObject,
  hash: string,
): Promise<ObservedObject | undefined> {
  try {
    const answer = await client.call({
      method: "PATCH",
      path: objectPath(POD_KIND, namespace, name),
      query: { fieldManager: FIELD_MANAGER },
      contentType: "application/merge-patch+json",
      body: { metadata: { uid, annotations: { [ANNOTATION_POOL_FILES]: hash } } },
    });
    return observed(POD_KIND.kind, answer);
  } catch (error) {
    // Gone meanwhile: its successor starts with the new files.
    if (isNotFound(error) || isConflict(error)) return undefined;
    throw error;
  }
}
