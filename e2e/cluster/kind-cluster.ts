import { join } from "node:path";
import { writeFile } from "node:fs/promises";
import { Failure } from "./failure.ts";
import { cache } from "./folders.ts";
import { holdsWithin } from "./holds-within.ts";
import { hostHasCgroupV1, type NodeImage } from "./node-image.ts";
import { CommandFailed, outputOf, run, succeeds } from "./run-command.ts";

export type ClusterWish = {
  /** kind's name: the context becomes `kind-<name>`. */
  name: string;
  /** The port on 127.0.0.1 that leads to NodePort 30000, the gateway's. */
  hostPort: number;
  /** Whether plain `kubectl` shall talk to it from now on: for people yes, for tests no. */
  makeCurrent: boolean;
};

export type Cluster = {
  context: string;
  /** The container of the node, where there is one on this machine. */
  node?: string;
};

const gatewayNodePort = 30_000;
const maxPods = 250; // the services' maxima add up to 150, kubelet's default is 110
const answerTimeoutMs = 120_000; // a restarted node answers after 20 s on an idle machine
/**
 * What kubeadm's control plane asks for by default (650m, with two CoreDNS 850m) is almost half of a small machine, on
 * which the services' smallest numbers want 1,250m: these patches take it down to 225m.
 */
const patchesFolder = join(import.meta.dirname, "control-plane-patches");
const patchesMount = "/kind/control-plane-patches";
const finishedMark = "/kind/jatra-created"; // in the node: kind had finished, so this isn't a torso

/**
 * Makes sure that a kind cluster of this name runs: a running one is used as it is, one that stopped with the Docker
 * daemon is started again, a half-made or broken one is made anew. 15 s from nothing.
 */
export async function createCluster(
  wish: ClusterWish,
  nodeImage: NodeImage,
  note: (text: string) => void = () => undefined,
): Promise<Required<Cluster>> {
  const current = await outputOf("kubectl", ["config", "current-context"]);
  const cluster = await reviveOrCreate(wish, nodeImage, note);
  if (!wish.makeCurrent && current) await run("kubectl", ["config", "use-context", current]);
  return cluster;
}

async function reviveOrCreate(
  wish: ClusterWish,
  nodeImage: NodeImage,
  note: (text: string) => void,
): Promise<Required<Cluster>> {
  const cluster = clusterOf(wish.name);
  if (await clusterExists(wish.name)) {
    if (await revive(cluster)) {
      await run("kind", ["export", "kubeconfig", "--name", wish.name]);
      note("already there");
      return cluster;
    }
    await deleteCluster(wish.name);
    note("the old one did not answer and was replaced");
  }
  await create(wish, nodeImage);
  const scale = ["scale", "deployment/coredns", "--namespace=kube-system", "--replicas=1"];
  await run("kubectl", ["--context", cluster.context, ...scale]); // one node: a second is no safer
  await run("docker", ["exec", cluster.node, "touch", finishedMark]);
  return cluster;
}

/** Removes a cluster with everything in it; nothing happens where there is none. */
export async function deleteCluster(name: string): Promise<boolean> {
  if (!(await clusterExists(name))) return false;
  await run("kind", ["delete", "cluster", "--name", name]);
  return true;
}

/** Whether the node's container exists, running or not. */
export function clusterExists(name: string): Promise<boolean> {
  return succeeds("docker", ["container", "inspect", clusterOf(name).node]);
}

export function clusterOf(name: string): Required<Cluster> {
  return { context: `kind-${name}`, node: `${name}-control-plane` };
}

async function create(wish: ClusterWish, nodeImage: NodeImage): Promise<void> {
  const configFile = join(cache("kind"), `${wish.name}.json`);
  await writeFile(configFile, JSON.stringify(kindConfig(wish, nodeImage), undefined, 2));
  const logFile = join(cache("logs"), `kind-${wish.name}.log`);
  const args = ["--name", wish.name, "--image", nodeImage.image, "--config", configFile];
  try {
    await run("kind", ["create", "cluster", ...args, "--wait", "180s"], { logFile });
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new Failure(
      `kind can't create the cluster ${wish.name}; the reason is at the end of ${logFile}.`,
    );
  }
}

/** kind's configuration: JSON, which is YAML too. */
function kindConfig(wish: ClusterWish, nodeImage: NodeImage): object {
  const kubelet = {
    kind: "KubeletConfiguration",
    maxPods,
    ...(hostHasCgroupV1() && nodeImage.ownPodNetwork ? { failCgroupV1: false } : {}),
  };
  const patches = { kind: "InitConfiguration", patches: { directory: patchesMount } };
  return {
    kind: "Cluster",
    apiVersion: "kind.x-k8s.io/v1alpha4",
    networking: { disableDefaultCNI: nodeImage.ownPodNetwork },
    nodes: [
      {
        role: "control-plane",
        extraMounts: [{ hostPath: patchesFolder, containerPath: patchesMount, readOnly: true }],
        extraPortMappings: [
          {
            containerPort: gatewayNodePort,
            hostPort: wish.hostPort,
            listenAddress: "127.0.0.1", // nobody else on the network: there are sample logins in it
          },
        ],
      },
    ],
    kubeadmConfigPatches: [JSON.stringify(kubelet), JSON.stringify(patches)],
  };
}

async function revive(cluster: Required<Cluster>): Promise<boolean> {
  const format = "{{.State.Running}}";
  const running = await outputOf("docker", ["inspect", "--format", format, cluster.node]);
  if (running !== "true" && !(await succeeds("docker", ["start", cluster.node]))) return false;
  if (!(await succeeds("docker", ["exec", cluster.node, "test", "-e", finishedMark]))) return false;
  const kubectl = ["kubectl", "--kubeconfig=/etc/kubernetes/admin.conf"];
  const ask = ["exec", cluster.node, ...kubectl, "get", "--raw=/readyz", "--request-timeout=5s"];
  return holdsWithin(answerTimeoutMs, 1_000, () => succeeds("docker", ask));
}
