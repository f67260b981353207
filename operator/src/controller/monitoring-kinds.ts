import { z } from "zod";
import { MONITORING_GROUP } from "../metadata/resource-kinds.ts";
import type { ApiClient } from "../runtime/api-client.ts";
import { isNotFound } from "../runtime/api-error.ts";

const resourceList = z.object({ resources: z.array(z.object({ kind: z.string() })) });

/** Kinds of the Prometheus operator that the cluster has; none is the common case. */
export async function knownMonitoringKinds(client: ApiClient): Promise<ReadonlySet<string>> {
  try {
    const path = `/apis/${MONITORING_GROUP}`;
    const { resources } = resourceList.parse(await client.call({ method: "GET", path }));
    return new Set(resources.map(({ kind }) => kind));
  } catch (error) {
    if (isNotFound(error)) return new Set();
    throw error;
  }
}
