import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cache, repository } from "../cluster/folders.ts";
import { createCluster, deleteCluster, type Cluster } from "../cluster/kind-cluster.ts";
import { kubectl } from "../cluster/kubectl.ts";
import { ensureNodeImage } from "../cluster/node-image.ts";
import { run } from "../cluster/run-command.ts";
import { ensureTools } from "../cluster/tools.ts";

export const SCALE_CLUSTER = "jatra-scale";

/** Beside those of `npm run up` and the scenarios; nothing listens behind it. */
const HOST_PORT = 30_200;
/**
 * By default a controller makes 20 calls a second and the scheduler 50: for 5,000 pods that would be the measurement. The
 * cluster lives for minutes, so etcd needn't wait for the disk.
 */
const RATES = { "kube-api-qps": "500", "kube-api-burst": "1000" };
const controlPlane = {
  etcd: { "unsafe-no-fsync": "true" },
  controllerManager: RATES,
  scheduler: RATES,
};

const chart = join(repository, "charts/jatra-operator");
const system = ["--namespace", "jatra-system"];

/** A cluster of one real node, made anew, with our CRD and the operator's account and rights, but no operator. */
export const createScaleCluster = async (say: (line: string) => void): Promise<Cluster> => {
  await ensureTools(["kind", "kubectl", "helm"], say);
  const nodeImage = await ensureNodeImage();
  await deleteCluster(SCALE_CLUSTER);
  const wish = { name: SCALE_CLUSTER, hostPort: HOST_PORT, makeCurrent: false, controlPlane };
  const cluster = await createCluster(wish, nodeImage);
  await kubectl(cluster, ["apply", "--server-side", "-f", join(chart, "crds")]);
  await kubectl(cluster, ["create", "namespace", "jatra-system"]);
  const only = ["rbac", "service-account"].map((name) => `--show-only=templates/${name}.yaml`);
  const sets = ["--set=image.tag=none", "--set=platform.image.tag=none"];
  const input = await run("helm", [
    "template",
    "jatra-operator",
    chart,
    ...system,
    ...only,
    ...sets,
  ]);
  await kubectl(cluster, ["apply", "-f", "-"], { input });
  return cluster;
};

/** What Kubernetes gives a pod of the operator: environment, and a folder with token and certificate. */
export const podEnvironment = async (cluster: Cluster): Promise<Record<string, string>> => {
  const folder = cache("scale", "service-account");
  const show = ["config", "view", "--minify", "-o", "jsonpath={.clusters[0].cluster.server}"];
  const server = new URL(await kubectl(cluster, show));
  const ca = ["get", "configmap", "kube-root-ca.crt", "-o", "jsonpath={.data.ca\\.crt}"];
  await writeFile(join(folder, "ca.crt"), await kubectl(cluster, [...ca, ...system]));
  const token = ["create", "token", "jatra-operator", "--duration=2h"];
  await writeFile(join(folder, "token"), await kubectl(cluster, [...token, ...system]), {
    mode: 0o600,
  });
  return {
    KUBERNETES_SERVICE_HOST: server.hostname,
    KUBERNETES_SERVICE_PORT: server.port,
    SERVICE_ACCOUNT_FOLDER: folder,
  };
};
