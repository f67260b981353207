import { clusterOf } from "./kind-cluster.ts";

/** The cluster that benches and proofs look at: that of `npm run up`, or another one of kind with the same sample on it. */
export const measuredClusterName = process.env["JATRA_CLUSTER"] ?? "jatra";
export const measuredCluster = clusterOf(measuredClusterName);
