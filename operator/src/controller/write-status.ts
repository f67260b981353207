import type { PlatformResource } from "../api/platform.ts";
import type { PlatformStatus } from "../api/status.ts";
import { stableJson } from "../desired/content-hash.ts";
import { FIELD_MANAGER } from "../metadata/labels.ts";
import { objectPath, PLATFORM_KIND } from "../metadata/resource-kinds.ts";
import type { ApiClient } from "../runtime/api-client.ts";
import { isNotFound } from "../runtime/api-error.ts";
import { applyStatus } from "../runtime/server-side-apply.ts";

/** Writes the status when it says something else than what is there. */
export async function writeStatus(
  client: ApiClient,
  resource: PlatformResource,
  status: PlatformStatus,
): Promise<void> {
  if (stableJson(status) === stableJson(resource.status)) return;
  const { name, namespace } = resource.metadata;
  const body = {
    apiVersion: PLATFORM_KIND.apiVersion,
    kind: PLATFORM_KIND.kind,
    metadata: { name, namespace },
    status,
  };
  try {
    await applyStatus(client, objectPath(PLATFORM_KIND, namespace, name), body, FIELD_MANAGER);
  } catch (error) {
    // Deleted while we were at work: there is nothing left to tell.
    if (!isNotFound(error)) throw error;
  }
}
