import type { PlatformResource } from "../api/platform.ts";
import { objectPath, PLATFORM_KIND } from "../metadata/resource-kinds.ts";
import type { Session } from "./session.ts";

/** Sets annotations of a platform, leaving the others alone. */
export async function annotate(
  { client }: Session,
  { metadata }: PlatformResource,
  annotations: Readonly<Record<string, string>>,
): Promise<void> {
  await client.call({
    method: "PATCH",
    path: objectPath(PLATFORM_KIND, metadata.namespace, metadata.name),
    query: { fieldManager: "jatractl" },
    contentType: "application/merge-patch+json",
    body: { metadata: { annotations } },
  });
}
