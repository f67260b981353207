import { z } from "zod";
import type { Cluster } from "../cluster/kind-cluster.ts";
import { kubectl } from "../cluster/kubectl.ts";

export type PoolPod = {
  readonly name: string;
  readonly isReady: boolean;
  readonly isGoing: boolean;
  readonly restarts: number;
};

const podsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), deletionTimestamp: z.string().optional() }),
      status: z.object({
        containerStatuses: z
          .array(z.object({ ready: z.boolean(), restartCount: z.int() }))
          .default([]),
      }),
    }),
  ),
});

/** PgBouncer's pods, those that are going too. */
export const poolPods = async (cluster: Cluster, namespace: string): Promise<PoolPod[]> => {
  const list = ["-n", namespace, "get", "pods", "-l", "app=pgbouncer", "-o", "json"];
  const { items } = podsSchema.parse(JSON.parse(await kubectl(cluster, list)));
  return items.map(({ metadata, status: { containerStatuses } }) => ({
    name: metadata.name,
    isReady: containerStatuses.length > 0 && containerStatuses.every(({ ready }) => ready),
    isGoing: metadata.deletionTimestamp !== undefined,
    restarts: containerStatuses.reduce((sum, { restartCount }) => sum + restartCount, 0),
  }));
};

/** What a PgBouncer runs with now, by its own word; not what its files say. */
export const poolSetting = async (
  cluster: Cluster,
  namespace: string,
  pod: string,
  key: string,
): Promise<string | undefined> => {
  const psql = [
    "psql",
    "-p",
    "5432",
    "-U",
    "jatra_user",
    "pgbouncer",
    "-AtF,",
    "-c",
    "SHOW CONFIG",
  ];
  const text = await kubectl(cluster, ["-n", namespace, "exec", pod, "--", ...psql]);
  const line = text.split("\n").find((one) => one.startsWith(`${key},`));
  return line?.split(",")[1];
};
