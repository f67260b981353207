import type { Cluster } from "../../cluster/kind-cluster.ts";
import { kubectl } from "../../cluster/kubectl.ts";

/** The leader renews it every two seconds; it is no reconcile. */
const LEASE = "leases";

/** Writes that the operator's pods have sent, by what they wrote to; without the Lease. */
export const operatorWrites = async (cluster: Cluster): Promise<ReadonlyMap<string, number>> => {
  const pods = ["-n", "jatra-system", "get", "pods", "-l", "app=jatra-operator", "-o", "name"];
  const writes = new Map<string, number>();
  for (const pod of (await kubectl(cluster, pods)).trim().split("\n")) {
    const path = `/api/v1/namespaces/jatra-system/pods/${pod.replace("pod/", "")}:8080/proxy/metrics`;
    const text = await kubectl(cluster, ["get", "--raw", path]);
    const counted = /^jatra_api_writes_total\{resource="([^"]+)"\} (\d+)/gm;
    for (const [, resource = "", count] of text.matchAll(counted)) {
      if (resource === LEASE) continue;
      writes.set(resource, (writes.get(resource) ?? 0) + Number(count));
    }
  }
  return writes;
};

/** What came on top, by what was written to; nothing for what stayed. */
export const writesSince = async (
  cluster: Cluster,
  before: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, number>> => {
  const after = await operatorWrites(cluster);
  return new Map(
    [...after].flatMap(([resource, count]) => {
      const more = count - (before.get(resource) ?? 0);
      return more === 0 ? [] : [[resource, more] as const];
    }),
  );
};
