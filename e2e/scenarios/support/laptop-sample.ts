import { readFile } from "node:fs/promises";
import { stringify } from "yaml";
import { kubectlApply } from "./kubectl.ts";
import { testCluster } from "./test-cluster.ts";

const sample = new URL("../../../crds/samples/laptop.yaml", import.meta.url);

/** Applies the sample that `npm run up` uses, with its namespace. */
export const applyLaptopSample = async (): Promise<void> => {
  const metadata = { name: testCluster.namespace };
  await kubectlApply(stringify({ apiVersion: "v1", kind: "Namespace", metadata }));
  await kubectlApply(await readFile(sample, "utf8"));
};
