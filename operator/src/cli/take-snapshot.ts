import { z } from "zod";
import { observe, type Snapshot } from "../controller/observe.ts";
import { SecretReader } from "../controller/secret-reader.ts";
import type { Platform } from "../desired/platform.ts";
import { FIELD_MANAGER, LABEL_INSTANCE, MANAGED_SELECTOR } from "../metadata/labels.ts";
import { observed, type ObservedObject } from "../metadata/observed-object.ts";
import {
  collectionPath,
  MONITORING_KINDS,
  OWNED_KINDS,
  POD_KIND,
  REVISION_KIND,
  type ResourceKind,
} from "../metadata/resource-kinds.ts";
import type { ApiClient } from "../runtime/api-client.ts";

export interface LiveSnapshot extends Snapshot {
  /** What the operator owns of each child (fieldsV1), by `Kind/name`. */
  readonly owned: ReadonlyMap<string, unknown>;
}

/** As many as the API server gives without complaint; a platform has 130 children. */
const PAGE_SIZE = 500;

const page = z.object({
  metadata: z.object({ continue: z.string().optional() }),
  items: z.array(z.unknown()).nullable(),
});
const managed = z.object({
  metadata: z.object({
    managedFields: z
      .array(
        z.object({
          manager: z.string().optional(),
          operation: z.string().optional(),
          subresource: z.string().optional(),
          fieldsV1: z.unknown(),
        }),
      )
      .default([]),
  }),
});

/** Everything under a platform, read once: what the operator's observe sees, and who owns what. */
export async function takeSnapshot(
  client: ApiClient,
  platform: Platform,
  monitoringKinds: ReadonlySet<string>,
): Promise<LiveSnapshot> {
  const monitoring = MONITORING_KINDS.filter(({ kind }) => monitoringKinds.has(kind));
  const selector = `${MANAGED_SELECTOR},${LABEL_INSTANCE}=${platform.name}`;
  const owned = new Map<string, unknown>();
  const children = new Map<string, ObservedObject>();
  for (const kind of [...OWNED_KINDS, REVISION_KIND, ...monitoring]) {
    for (const item of await listAll(client, kind, platform.namespace, selector)) {
      const object = observed(kind.kind, item);
      children.set(`${kind.kind}/${object.name}`, object);
      owned.set(`${kind.kind}/${object.name}`, ownedFields(item));
    }
  }
  const pods = await listAll(client, POD_KIND, platform.namespace, selector);
  const copies = { children, pods: pods.map((pod) => observed("Pod", pod)) };
  const cache = { childrenOf: () => copies, child: () => undefined };
  const snapshot = await observe(cache, new SecretReader(client), platform);
  return { ...snapshot, owned };
}

/** All objects of a kind that the labels select, raw, page by page. */
export async function listAll(
  client: ApiClient,
  kind: ResourceKind,
  namespace: string,
  labelSelector: string,
): Promise<unknown[]> {
  const found: unknown[] = [];
  let next: string | undefined;
  do {
    const query = {
      labelSelector,
      limit: String(PAGE_SIZE),
      ...(next !== undefined && { continue: next }),
    };
    const path = collectionPath(kind, namespace);
    const { items, metadata } = page.parse(await client.call({ method: "GET", path, query }));
    found.push(...(items ?? []));
    next = metadata.continue === "" ? undefined : metadata.continue;
  } while (next !== undefined);
  return found;
}

function ownedFields(item: unknown): unknown {
  return managed
    .parse(item)
    .metadata.managedFields.find(
      ({ manager, operation, subresource }) =>
        manager === FIELD_MANAGER && operation === "Apply" && subresource === undefined,
    )?.fieldsV1;
}
