import { installPackages } from "../../cluster/debian-packages.ts";
import { ensureDocker } from "../../cluster/docker-engine.ts";
import { createCluster, deleteCluster } from "../../cluster/kind-cluster.ts";
import { loadAndInstall } from "../../cluster/load-and-install.ts";
import { installMetricsServer, publishMetrics } from "../../cluster/metrics-server.ts";
import { ensureNodeImage } from "../../cluster/node-image.ts";
import { buildImages } from "../../cluster/platform-images.ts";
import { waitUntilReady } from "../../cluster/platform-ready.ts";
import { phase } from "../../cluster/progress.ts";
import { succeeds } from "../../cluster/run-command.ts";
import { ensureTools } from "../../cluster/tools.ts";
import { applyLaptopSample } from "./laptop-sample.ts";
import { testCluster } from "./test-cluster.ts";

/**
 * From any machine to the test cluster with the sample platform on it, by the same steps as `npm run up`. Always a new
 * cluster, so that no run leans on what the last one left.
 */
export const bringUpTestCluster = async (): Promise<void> => {
  await phase("Docker and tools", async (note) => {
    await ensureDocker(note);
    await ensureTools(["kind", "kubectl", "helm"], note);
    if (!(await succeeds("which", ["ab"]))) await installPackages(["apache2-utils"]);
  });
  const nodeImage = await phase("node image", (note) => ensureNodeImage(note));
  const images = await phase("images of platform", () => buildImages());
  const cluster = await phase("cluster", async (note) => {
    await deleteCluster(testCluster.name);
    const { name, hostPort } = testCluster;
    return createCluster({ name, hostPort, makeCurrent: false }, nodeImage, note);
  });
  await phase("metrics-server", () => installMetricsServer(cluster));
  await Promise.all([
    loadAndInstall(cluster, images),
    phase("metrics API", () => publishMetrics(cluster)),
  ]);
  await phase("platform ready", async () => {
    await applyLaptopSample();
    await waitUntilReady(cluster, images.platformTag);
  });
};
