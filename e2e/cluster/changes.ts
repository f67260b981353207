import { existsSync, readFileSync } from "node:fs";
import { cacheFolder } from "./folders.ts";
import type { Cluster } from "./kind-cluster.ts";

/** What a run leaves on the machine, for its last words: only what is true. */
export function machineChanges(cluster: Cluster, installed: readonly string[]): string[] {
  const runtime = existsSync("/etc/docker/daemon.json")
    ? readFileSync("/etc/docker/daemon.json", "utf8").includes("jatra-bounded")
    : false;
  return [
    ...(cluster.node ? [`Docker container and volume of the kind cluster: ${cluster.node}`] : []),
    `context ${cluster.context} in your kubeconfig`,
    "Docker images jatra/* and jatra.local/*, and the base images below them",
    `tools, builds and logs in ${cacheFolder}; Go's and npm's own caches`,
    ...(runtime
      ? [
          "/etc/docker/daemon.json: default runtime jatra-bounded " +
            "(/usr/local/lib/jatra/runc-bounded), because this host withholds CAP_SYS_RESOURCE",
        ]
      : []),
    ...installed,
  ];
}
