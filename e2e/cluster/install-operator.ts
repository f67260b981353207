import { join } from "node:path";
import { Failure } from "./failure.ts";
import { cache, repository } from "./folders.ts";
import type { Cluster } from "./kind-cluster.ts";
import { kubectl } from "./kubectl.ts";
import { imageValues, operatorTag, type PlatformImages } from "./platform-images.ts";
import { CommandFailed, run } from "./run-command.ts";

export const operatorNamespace = "jatra-system";
export const operatorRelease = "jatra-operator";
const chart = join(repository, "charts/jatra-operator");

/**
 * Installs the operator by its chart, or upgrades it; a no-op for the cluster where nothing changed. `prefix` is
 * where the images are (`jatra` on the node itself, or a registry).
 */
export async function installOperator(
  cluster: Cluster,
  images: PlatformImages,
  prefix = "jatra",
): Promise<void> {
  // Helm installs a chart's CRDs once and never updates them.
  await kubectl(cluster, [
    "apply",
    "--server-side",
    "--force-conflicts",
    "-f",
    join(chart, "crds"),
  ]);
  const logFile = join(cache("logs"), "helm.log");
  const sets = Object.entries(imageValues(images, prefix)).flatMap(([name, value]) => [
    "--set-string",
    `${name}=${value}`,
  ]);
  const target = ["--kube-context", cluster.context, "--namespace", operatorNamespace];
  try {
    await run(
      "helm",
      ["upgrade", "--install", operatorRelease, chart, "--create-namespace", ...target, ...sets],
      { logFile },
    );
    await rollout(cluster);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new Failure(`The operator can't be installed: ${error.message}.`, { cause: error });
  }
}

/**
 * Lets the platform have the installed operator's images and defaults, which an operator alone never brings (as `jatractl
 * upgrade` does). The same images ask for nothing new.
 */
export async function takeDefaults(
  cluster: Cluster,
  namespace: string,
  images: PlatformImages,
): Promise<void> {
  const stores = images.stores.map(({ image }) => image);
  const value = [operatorTag(images), images.platformTag, ...stores].join(" ");
  const annotation = `jatra.dev/upgrade=${value}`;
  const args = ["annotate", "jatraplatform", "jatra", "--namespace", namespace, "--overwrite"];
  await kubectl(cluster, [...args, annotation]);
}

/** Removes the operator; its CRD, and so every resource of it, stays. */
export async function uninstallOperator(cluster: Cluster): Promise<void> {
  const target = ["--kube-context", cluster.context, "--namespace", operatorNamespace];
  await run("helm", ["uninstall", operatorRelease, "--ignore-not-found", "--wait", ...target]);
}

async function rollout(cluster: Cluster): Promise<void> {
  const args = ["rollout", "status", "deployment", "--namespace", operatorNamespace];
  await kubectl(cluster, [...args, `--selector=app=${operatorRelease}`, "--timeout=180s"], {
    timeoutMs: 200_000,
  });
}
