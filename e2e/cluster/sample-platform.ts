import { join } from "node:path";
import { repository } from "./folders.ts";
import type { Cluster } from "./kind-cluster.ts";
import { kubectl } from "./kubectl.ts";

const sample = join(repository, "crds/samples/laptop.yaml");

/** Applies the platform of the laptop sample, with its namespace; nothing changes where it is as the sample says. */
export async function applySample(cluster: Cluster, namespace: string): Promise<void> {
  const manifest = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
  await kubectl(cluster, ["apply", "-f", "-"], { input: JSON.stringify(manifest) });
  await kubectl(cluster, ["apply", "--namespace", namespace, "-f", sample]);
}
