import { clusterOf } from "../../cluster/kind-cluster.ts";
import { applySample } from "../../cluster/sample-platform.ts";
import { testCluster } from "./test-cluster.ts";

/** Applies the sample that `npm run up` uses, with its namespace. */
export const applyLaptopSample = (): Promise<void> =>
  applySample(clusterOf(testCluster.name), testCluster.namespace);
