import { z } from "zod";
import { kubectl } from "./kubectl.ts";
import { testCluster } from "./test-cluster.ts";

const podSchema = z.object({
  metadata: z.object({ name: z.string(), deletionTimestamp: z.string().optional() }),
  spec: z.object({
    containers: z.array(
      z.object({ env: z.array(z.object({ name: z.string(), value: z.string().optional() })) }),
    ),
  }),
});

export type GatewayPod = {
  readonly name: string;
  /** The value of a variable that it was started with. */
  readonly variable: (name: string) => string | undefined;
};

/** The gateway's pods without those that are on their way out. */
export const gatewayPods = async (): Promise<readonly GatewayPod[]> => {
  const json = await kubectl("get", "pods", "-l", "app=api-gateway", "-o", "json");
  const { items } = z.object({ items: z.array(podSchema) }).parse(JSON.parse(json));
  return items
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata, spec }) => ({
      name: metadata.name,
      variable: (name) => spec.containers[0]?.env.find((each) => each.name === name)?.value,
    }));
};

/** What a pod itself tells at `/metrics`. */
export const metricsOf = (pod: string): Promise<string> =>
  kubectl(
    "get",
    "--raw",
    `/api/v1/namespaces/${testCluster.namespace}/pods/${pod}:3000/proxy/metrics`,
  );
