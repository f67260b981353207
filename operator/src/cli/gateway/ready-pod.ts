import { z } from "zod";
import { LABEL_INSTANCE } from "../../metadata/labels.ts";
import { collectionPath, POD_KIND } from "../../metadata/resource-kinds.ts";
import type { ApiClient } from "../../runtime/api-client.ts";
import { UsageError } from "../usage-error.ts";

const pods = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), deletionTimestamp: z.string().optional() }),
      status: z
        .object({
          conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
        })
        .default({ conditions: [] }),
    }),
  ),
});

/** Name of a pod of the app that is ready. Throws UsageError when there is none. */
export async function readyPod(
  client: ApiClient,
  platform: { readonly namespace: string; readonly name: string },
  app: string,
): Promise<string> {
  const labelSelector = `app=${app},${LABEL_INSTANCE}=${platform.name}`;
  const path = collectionPath(POD_KIND, platform.namespace);
  const { items } = pods.parse(
    await client.call({ method: "GET", path, query: { labelSelector } }),
  );
  const ready = items.find(
    ({ metadata, status }) =>
      metadata.deletionTimestamp === undefined &&
      status.conditions.some(({ type, status: is }) => type === "Ready" && is === "True"),
  );
  if (ready === undefined) throw new UsageError(`No pod of ${app} is ready.`);
  return ready.metadata.name;
}
