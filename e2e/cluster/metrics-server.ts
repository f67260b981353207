import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { kubectl, kubectlOutput } from "./kubectl.ts";
import type { Cluster } from "./kind-cluster.ts";

/**
 * Installs metrics-server, which HPAs read, unless the cluster has one; answers whether it did. Its first figures
 * come after about 40 s, so nobody waits for it here.
 */
export async function installMetricsServer(cluster: Cluster, image: string): Promise<boolean> {
  const api = ["get", "apiservice", "v1beta1.metrics.k8s.io", "-o", "name"];
  const ours = await kubectlOutput(cluster, ["get", "deploy/metrics-server", "-n", "kube-system"]);
  if (ours === undefined && (await kubectlOutput(cluster, api)) !== undefined) return false;
  const manifest = await readFile(join(import.meta.dirname, "metrics-server.yaml"), "utf8");
  await kubectl(cluster, ["apply", "--server-side", "-f", "-"], {
    input: manifest.replaceAll("METRICS_SERVER_IMAGE", image),
  });
  return true;
}
