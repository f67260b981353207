import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cache } from "../folders.ts";
import { run } from "../run-command.ts";
import { versions } from "../versions.ts";
import type { Storage } from "./kind-storage.ts";

type Component = {
  binary: string;
  image: string;
  /** Where the manifest that starts it expects the binary. */
  path: string;
  base: string;
  /** False where the manifest names the command. */
  entrypoint?: false;
};

const proxyBase = "jatra.local/kube-proxy-base";

/**
 * Makes the images that kubeadm and kind expect in the node, each one binary on its base, under the names that they
 * ask for. Answers the names.
 */
export async function buildControlPlaneImages(
  binaries: string,
  storage: Storage,
  debian: string,
): Promise<string[]> {
  await buildProxyBase(debian);
  const components = await listComponents(binaries, storage, debian);
  for (const component of components) await buildComponent(component, binaries);
  await run("docker", ["tag", debian, storage.helperImage]);
  return [...components.map((component) => component.image), storage.helperImage];
}

async function listComponents(
  binaries: string,
  storage: Storage,
  debian: string,
): Promise<Component[]> {
  const registry = "registry.k8s.io";
  const control = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"].map((name) => ({
    binary: name,
    image: `${registry}/${name}:v${versions.kubernetes}`,
    path: `/usr/local/bin/${name}`,
    base: "scratch",
  }));
  return [
    ...control,
    {
      binary: "kube-proxy",
      image: `${registry}/kube-proxy:v${versions.kubernetes}`,
      path: "/usr/local/bin/kube-proxy",
      base: proxyBase,
    },
    {
      binary: "etcd",
      image: await etcdImage(binaries),
      path: "/usr/local/bin/etcd",
      base: "scratch",
    },
    {
      binary: "coredns",
      image: `${registry}/coredns/coredns:v${versions.coredns}`,
      path: "/coredns",
      base: "scratch",
    },
    {
      binary: "pause",
      image: `${registry}/pause:${versions.pause}`,
      path: "/pause",
      base: "scratch",
    },
    {
      binary: "local-path-provisioner",
      image: storage.provisionerImage,
      path: "/usr/local/bin/local-path-provisioner",
      base: debian,
      entrypoint: false,
    },
  ];
}

/** kubeadm decides which tag of etcd it will ask for. */
async function etcdImage(binaries: string): Promise<string> {
  const args = ["config", "images", "list", "--kubernetes-version", `v${versions.kubernetes}`];
  const list = await run(join(binaries, "kubeadm"), args);
  const image = list.split("\n").find((name) => name.includes("/etcd:"));
  if (image === undefined) throw new Error(`kubeadm names no image of etcd: ${list}`);
  return image.trim();
}

/** kube-proxy calls the programs of the packet filter. */
async function buildProxyBase(debian: string): Promise<void> {
  const packages = "conntrack iptables kmod nftables";
  const dockerfile = `FROM ${debian}
RUN apt-get update && apt-get install -y --no-install-recommends ${packages} \\
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
`;
  await buildFrom(dockerfile, proxyBase, "kube-proxy-base");
}

async function buildComponent(component: Component, binaries: string): Promise<void> {
  const start = component.entrypoint === false ? "" : `ENTRYPOINT ["${component.path}"]\n`;
  const dockerfile = `FROM ${component.base}
ENV PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
COPY ${component.binary} ${component.path}
${start}`;
  await buildFrom(dockerfile, component.image, component.binary, join(binaries, component.binary));
}

async function buildFrom(
  dockerfile: string,
  image: string,
  name: string,
  binary?: string,
): Promise<void> {
  const context = join(cache("node-image"), "components", name);
  await mkdir(context, { recursive: true });
  await writeFile(join(context, "Dockerfile"), dockerfile);
  if (binary) await copyFile(binary, join(context, name));
  const logFile = join(cache("logs"), `node-image-${name}.log`);
  // Built each time, by Docker's own layer cache: these names carry no hash of what is in them.
  await run("docker", ["build", "--tag", image, context], {
    logFile,
    env: { DOCKER_BUILDKIT: "0" },
  });
  await rm(context, { recursive: true });
}
