import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { metricsServerImage } from "../images/metrics-server-image.ts";
import { kubectl, kubectlOutput } from "./kubectl.ts";
import type { Cluster } from "./kind-cluster.ts";
import { loadImages } from "./load-images.ts";

const apiService = "v1beta1.metrics.k8s.io";

/**
 * Brings metrics-server, which HPAs read, into a kind cluster, unless that has another one. It needs half a minute for
 * its first figures: `publishMetrics` waits for them, so do something else in between.
 */
export async function installMetricsServer(cluster: Required<Cluster>): Promise<void> {
  const ours = await kubectlOutput(cluster, ["get", "deploy/metrics-server", "-n", "kube-system"]);
  const api = ["get", "apiservice", apiService, "-o", "name"];
  if (ours === undefined && (await kubectlOutput(cluster, api)) !== undefined) return;
  const image = await metricsServerImage();
  await loadImages(cluster.node, [image]);
  await apply(cluster, "metrics-server.yaml", image);
}

/**
 * Registers the metrics API once metrics-server serves it: the API server remembers for long that an API which it
 * was told of didn't answer.
 */
export async function publishMetrics(cluster: Cluster): Promise<void> {
  const rollout = ["rollout", "status", "deploy/metrics-server", "-n", "kube-system"];
  await kubectl(cluster, [...rollout, "--timeout=180s"], { timeoutMs: 200_000 });
  await apply(cluster, "metrics-api.yaml");
}

async function apply(cluster: Cluster, file: string, image = ""): Promise<void> {
  const manifest = await readFile(join(import.meta.dirname, file), "utf8");
  await kubectl(cluster, ["apply", "--server-side", "-f", "-"], {
    input: manifest.replaceAll("METRICS_SERVER_IMAGE", image),
  });
}
