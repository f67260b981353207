import type { PlatformResource } from "../api/platform.ts";
import type { PlatformStatus } from "../api/status.ts";
import { stableJson } from "../desired/content-hash.ts";
import { FIELD_MANAGER } from "../metadata/labels.ts";
import { observed, type ObservedObject } from "../metadata/observed-object.ts";
import { objectPath, PLATFORM_KIND } from "../metadata/resource-kinds.ts";
import type { ApiClient } from "../runtime/api-client.ts";
import { isNotFound } from "../runtime/api-error.ts";
import { applyStatus } from "../runtime/server-side-apply.ts";

/** Writes the status when it says something else than what is there; answers what was written. */
export async function writeStatus(
  client: ApiClient,
  resource: PlatformResource,
  status: PlatformStatus,
): Promise<ObservedObject | undefined> {
  if (stableJson(status) === stableJson(resource.status)) return undefined;
  const { name, namespace } = resource.metadata;
  const body = {
    apiVersion: PLATFORM_KIND.apiVersion,
    kind: PLATFORM_KIND.kind,
    metadata: { name, namespace },
    status,
  };
  try {
    const path = objectPath(PLATFORM_KIND, namespace, name);
    return observed(PLATFORM_KIND.kind, await applyStatus(client, path, body, FIELD_MANAGER));
  } catch (error) {
    // Deleted while we were at work: there is nothing left to tell.
    if (!isNotFound(error)) throw error;
    return undefined;
  }
}
