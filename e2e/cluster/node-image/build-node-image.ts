import { chmod, copyFile, cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { buildImage } from "../../images/build-image.ts";
import { debianBase } from "../../images/debian-base.ts";
import { ensureCCompiler } from "../debian-packages.ts";
import { cache } from "../folders.ts";
import { goBuildPinned, goInstall, goModuleFolder } from "../go-build.ts";
import { kubernetesLinkerFlags, kubernetesModule } from "../kubernetes-module.ts";
import { outputOf, run, succeeds } from "../run-command.ts";
import { versions } from "../versions.ts";
import { buildControlPlaneImages } from "./control-plane-images.ts";
import { readStorage } from "./kind-storage.ts";

const nodeFiles = [
  "Dockerfile",
  "pod-network.conflist",
  "runc-bounded",
  "service-addresses.service",
];
const scratchContainer = "jatra-kind-node-build";

/**
 * Builds a kind node where none can be pulled: Debian packages, kind's own node files, Kubernetes from its published
 * modules, and the images that the control plane runs, imported into the node's containerd.
 */
export async function buildNodeImage(image: string): Promise<void> {
  const binaries = await buildBinaries();
  const kindFolder = await goModuleFolder("sigs.k8s.io/kind", versions.kind);
  const storage = await readStorage(kindFolder);
  const base = await debianBase("bookworm");
  const images = await buildControlPlaneImages(binaries, storage, base);
  await buildBareNode(`${image}-bare`, kindFolder, binaries, storage.manifest, base);
  await importImages(`${image}-bare`, images, image);
  // They are in the node now. Under these names they would also be taken for the real ones.
  await outputOf("docker", ["rmi", ...images, `${image}-bare`]);
}

/** Compiles everything; Go's build cache makes a second try after an interruption short. */
async function buildBinaries(): Promise<string> {
  await ensureCCompiler();
  const folder = cache("node-image", "bin");
  const commands = [
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kube-proxy",
    "kubelet",
    "kubeadm",
    "kubectl",
  ];
  const packages = commands.map((name) => `k8s.io/kubernetes/cmd/${name}`);
  await goBuildPinned(kubernetesModule, packages, folder, kubernetesLinkerFlags());
  await goBuildPinned(kubernetesModule, ["go.etcd.io/etcd/server/v3"], join(folder, "etcd"));
  const coredns = await goInstall("github.com/coredns/coredns", versions.coredns);
  await copyFile(coredns, join(folder, "coredns"));
  const provisioner = "github.com/rancher/local-path-provisioner";
  const provisionerFile = await goInstall(provisioner, versions.localPathProvisioner);
  await copyFile(provisionerFile, join(folder, "local-path-provisioner"));
  await buildPause(join(folder, "pause"));
  await copyFile(join(folder, "kubectl"), join(cache("go"), `kubectl-${versions.kubernetes}`));
  return folder;
}

/** The process that holds a pod's namespaces: a few lines of C in Kubernetes' own source. */
async function buildPause(file: string): Promise<void> {
  const kubernetes = await goModuleFolder("k8s.io/kubernetes", versions.kubernetes);
  const source = join(kubernetes, "build/pause/linux/pause.c");
  await run("gcc", ["-Os", "-static", `-DVERSION=${versions.pause}`, "-o", file, source]);
}

async function buildBareNode(
  image: string,
  kindFolder: string,
  binaries: string,
  storageManifest: string,
  base: string,
): Promise<void> {
  const context = join(cache("node-image"), "context");
  await rm(context, { recursive: true, force: true });
  await mkdir(join(context, "bin"), { recursive: true });
  await mkdir(join(context, "manifests"));
  await copyKindFiles(join(kindFolder, "images/base/files"), join(context, "kind-files"));
  await writeFile(join(context, "manifests/default-storage.yaml"), storageManifest);
  for (const name of ["kubelet", "kubeadm", "kubectl"]) {
    await copyFile(join(binaries, name), join(context, "bin", name));
  }
  for (const name of nodeFiles) {
    await copyFile(join(import.meta.dirname, name), join(context, name));
  }
  await chmod(join(context, "runc-bounded"), 0o755);
  const buildArgs = { BASE: base, KUBERNETES_VERSION: versions.kubernetes };
  await buildImage({ image, context, buildArgs });
}

/** Go's module cache is read-only and drops modes: folders and scripts get theirs back. */
async function copyKindFiles(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true });
  await run("chmod", ["-R", "u=rwX,go=rX", to]);
  await run("chmod", ["-R", "755", join(to, "usr/local/bin"), join(to, "kind/bin")]);
}

async function importImages(
  bareNode: string,
  images: readonly string[],
  image: string,
): Promise<void> {
  const archive = join(cache("node-image"), "images.tar");
  await run("docker", ["save", "--output", archive, ...images]);
  await outputOf("docker", ["rm", "-f", "-v", scratchContainer]);
  const options = ["--privileged", "--name", scratchContainer, "--entrypoint", "sleep"];
  await run("docker", ["run", "--detach", ...options, bareNode, "infinity"]);
  try {
    await run("docker", ["exec", "--detach", scratchContainer, "containerd"]);
    await waitForContainerd();
    // Not unpacked here: /var is an overlay in this container, on which whiteouts can't be made; in a running node
    // it is a volume.
    const load = `docker exec -i ${scratchContainer} ctr -n k8s.io images import \
      --all-platforms --no-unpack - < "${archive}"`;
    await run("bash", ["-c", load]);
    await run("docker", ["exec", scratchContainer, "pkill", "-x", "containerd"]);
    await delay(1_000); // containerd's database is closed within milliseconds of the signal
    const entrypoint = 'ENTRYPOINT ["/usr/local/bin/entrypoint", "/sbin/init"]';
    const changes = ["--change", entrypoint, "--change", "CMD []"];
    await run("docker", ["commit", ...changes, scratchContainer, image]);
  } finally {
    await outputOf("docker", ["rm", "-f", "-v", scratchContainer]);
    await rm(archive, { force: true });
  }
}

async function waitForContainerd(): Promise<void> {
  const deadline = Date.now() + 60_000; // up in a second on an idle machine
  while (!(await succeeds("docker", ["exec", scratchContainer, "ctr", "version"]))) {
    if (Date.now() > deadline) throw new Error("containerd does not start in the node being built");
    await delay(500);
  }
}
