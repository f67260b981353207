import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { endProcess } from "../bench/platform/service-process.ts";
import { cache } from "../cluster/folders.ts";
import { goInstall } from "../cluster/go-build.ts";
import { clusterOf } from "../cluster/kind-cluster.ts";
import { kubectl } from "../cluster/kubectl.ts";
import { run } from "../cluster/run-command.ts";

/** Not in cluster/versions.ts: that file's content names the node image, which knows nothing of kwok. */
const KWOK_VERSION = "0.8.0";
const STAGES = join(import.meta.dirname, "stages.yaml");
/** On the nodes that kwok plays; others it leaves alone. */
const PLAYED = "jatra.dev/played";
/** As many as a real node may have at most, so that the scheduler has something to choose. */
const PODS_PER_NODE = 250;

/** The command, built once (2 min from nothing). */
export const ensureKwok = (): Promise<string> =>
  goInstall("sigs.k8s.io/kwok/cmd/kwok", KWOK_VERSION);

/** How kwok reaches a kind cluster: by a file of its own, whatever is current in a person's. */
const kubeconfigFile = async (name: string): Promise<string> => {
  const file = join(cache("kind"), `${name}.kubeconfig`);
  await writeFile(file, await run("kind", ["get", "kubeconfig", "--name", name]), { mode: 0o600 });
  return file;
};

/** Plays nodes and their pods, by stages.yaml: no container runs. Ends with this process. */
export const startKwok = async (name: string): Promise<{ stop: () => Promise<void> }> => {
  const log = openSync(join(cache("logs"), "kwok.log"), "w");
  const args = [
    `--kubeconfig=${await kubeconfigFile(name)}`,
    `--config=${STAGES}`,
    `--manage-nodes-with-annotation-selector=${PLAYED}=true`,
    // Addresses of pods that don't exist: nobody connects to them. Wide enough for one each.
    "--cidr=10.128.0.0/12",
    "--node-ip=10.127.0.1",
    "--node-lease-duration-seconds=40",
  ];
  const child = spawn(await ensureKwok(), args, { stdio: ["ignore", log, log] });
  const endWithUs = (): void => void child.kill();
  process.once("exit", endWithUs);
  return {
    stop: async () => {
      await endProcess(child);
      process.off("exit", endWithUs);
      closeSync(log);
    },
  };
};

/** Nodes for so many pods that kwok is to play; afterwards no other node takes any. */
export const createPlayedNodes = async (name: string, pods: number): Promise<void> => {
  const cluster = clusterOf(name);
  await kubectl(cluster, ["cordon", cluster.node]);
  const room = { cpu: "256", memory: "1Ti", pods: String(PODS_PER_NODE) };
  const items = Array.from({ length: Math.ceil(pods / PODS_PER_NODE) }, (_, index) => ({
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: `played-${index + 1}`,
      annotations: { [PLAYED]: "true" },
      labels: { "kubernetes.io/hostname": `played-${index + 1}`, "kubernetes.io/os": "linux" },
    },
    status: { allocatable: room, capacity: room },
  }));
  const input = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  await kubectl(cluster, ["create", "-f", "-"], { input });
};
