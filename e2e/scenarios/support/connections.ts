import { z } from "zod";
import { run } from "../../cluster/run-command.ts";
import { clusterOf } from "../../cluster/kind-cluster.ts";
import { kubectl } from "./kubectl.ts";
import { testCluster } from "./test-cluster.ts";

export type Pod = { readonly ip: string; readonly labels: Readonly<Record<string, string>> };
/** `source` opened a connection to `port` of `target`. */
export type Connection = { readonly source: Pod; readonly target: Pod; readonly port: number };

const podsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ labels: z.record(z.string(), z.string()).default({}) }),
      status: z.object({ podIP: z.string().optional(), phase: z.string() }),
    }),
  ),
});

/** The pods of the platform's namespace that have an address, by it. A finished one's may have gone to another pod. */
const podsByAddress = async (): Promise<Map<string, Pod>> => {
  const { items } = podsSchema.parse(JSON.parse(await kubectl("get", "pods", "-o", "json")));
  return new Map(
    items.flatMap(({ metadata: { labels }, status: { podIP: ip, phase } }) =>
      ip === undefined || phase !== "Running" ? [] : [[ip, { ip, labels }] as const],
    ),
  );
};

/**
 * Every TCP connection between two pods of the platform that the node's kernel remembers, each combination once. The
 * answer's direction names the pod that was reached; the question's may name a Service.
 */
export const seenConnections = async (): Promise<Connection[]> => {
  const pods = await podsByAddress();
  const { node } = clusterOf(testCluster.name);
  const table = await run("docker", ["exec", node, "conntrack", "-L", "-p", "tcp"]);
  const found = new Map<string, Connection>();
  for (const line of table.split("\n")) {
    const [, answer] = [...line.matchAll(/src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+)/g)];
    const [, targetIp = "", sourceIp = "", port = ""] = answer ?? [];
    const [source, target] = [pods.get(sourceIp), pods.get(targetIp)];
    if (source === undefined || target === undefined || source === target) continue;
    const key = `${source.labels["app"]} ${target.labels["app"]} ${port}`;
    found.set(key, { source, target, port: Number(port) });
  }
  return [...found.values()];
};
