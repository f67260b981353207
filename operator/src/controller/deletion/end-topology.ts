import { z } from "zod";
import { platformResource } from "../../api/platform.ts";
import { resolveRabbitmq } from "../../desired/resolve-store.ts";
import { topology } from "../../desired/rabbitmq/topology.ts";
import type { ObservedObject } from "../../metadata/observed-object.ts";
import type { ApiClient } from "../../runtime/api-client.ts";
import { ApiError } from "../../runtime/api-error.ts";
import type { ManagementLogin } from "../rabbitmq/management-api.ts";
import { removeTopology } from "../rabbitmq/remove-topology.ts";

export interface Ending {
  readonly outcome: "removed" | "left";
  /** For a person; nothing needs to be told of a namespace that goes as a whole. */
  readonly note: string | undefined;
}

const namespaceObject = z.object({
  metadata: z.object({ deletionTimestamp: z.string().optional() }),
});

/**
 * Takes what a platform that is being deleted has declared in an external broker, unless its namespace goes, too (its Secrets may be
 * gone already, and nobody should have to wait for a broker) or another platform uses the same broker: names of queues are fixed, so
 * the two share them. Throws when it can't be done now.
 */
export async function endTopology(
  client: ApiClient,
  deleted: ObservedObject,
  others: readonly ObservedObject[],
  login: () => Promise<ManagementLogin | undefined>,
): Promise<Ending> {
  if (await isNamespaceGoing(client, deleted.namespace))
    return { outcome: "left", note: undefined };
  const found = await login();
  if (found === undefined) throw new Error("The Secret of its management login isn't complete.");
  const sharing = others.find((other) => other.uid !== deleted.uid && usesBroker(other, found.url));
  if (sharing !== undefined) {
    const note = `The broker at ${found.url} keeps its queues: ${sharing.namespace}/${sharing.name} uses them, too.`;
    return { outcome: "left", note };
  }
  const all = topology();
  await removeTopology(found, all);
  const note = `Took ${all.queues.length} queues, ${all.exchanges.length} exchanges and ${all.policies.length} policies from the broker at ${found.url}.`;
  return { outcome: "removed", note };
}

async function isNamespaceGoing(client: ApiClient, namespace: string): Promise<boolean> {
  try {
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}`;
    const { metadata } = namespaceObject.parse(await client.call({ method: "GET", path }));
    return metadata.deletionTimestamp !== undefined;
  } catch (error) {
    // An older chart's Role doesn't name namespaces: then it is as any other deletion.
    if (error instanceof ApiError && error.statusCode === 403) return false;
    throw error;
  }
}

function usesBroker({ raw, deleting, namespace }: ObservedObject, url: string): boolean {
  const parsed = platformResource.safeParse(raw);
  if (deleting || !parsed.success) return false;
  return resolveRabbitmq(parsed.data.spec.rabbitmq, "", namespace).management.url === url;
}
