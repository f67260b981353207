import type { PlatformResource } from "../api/platform.ts";
import type { ObservedObject } from "../metadata/observed-object.ts";
import type { ApiClient } from "../runtime/api-client.ts";
import { conditionsOf } from "../status/index.ts";
import { writeStatus } from "./write-status.ts";

/** The platform that has the namespace already: names are fixed, so only one fits. */
export function olderPlatform(
  platforms: readonly ObservedObject[],
  candidate: ObservedObject,
): string | undefined {
  const [first] = platforms
    .filter(({ namespace, deleting }) => namespace === candidate.namespace && !deleting)
    .toSorted((left, right) => (ageKey(left) < ageKey(right) ? -1 : 1));
  return first === undefined || first.uid === candidate.uid ? undefined : first.name;
}

/** Tells the second one that nothing is made for it. */
export async function rejectSecond(
  client: ApiClient,
  resource: PlatformResource,
  older: string,
  now: string,
): Promise<void> {
  const { generation, namespace } = resource.metadata;
  const message = `Namespace ${namespace} has the platform ${older} already: use another namespace.`;
  const conditions = conditionsOf(
    [
      { type: "Ready", status: "False", reason: "NamespaceTaken", message },
      { type: "Degraded", status: "True", reason: "NamespaceTaken", message },
    ],
    generation,
    resource.status,
    now,
  );
  await writeStatus(client, resource, { observedGeneration: generation, conditions });
}

function ageKey({ raw, name }: ObservedObject): string {
  const metadata = raw["metadata"];
  const created =
    typeof metadata === "object" && metadata !== null && "creationTimestamp" in metadata
      ? String(metadata.creationTimestamp)
      : "";
  return `${created}/${name}`;
}
