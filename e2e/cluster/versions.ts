/** What is installed or built, in one place: a change here changes the hash of what is made from it. */
export const versions = {
  kind: "0.33.0",
  helm: "4.3.1",
  /** The node image that kind 0.33.0 names itself, for machines that reach a registry. */
  pulledNode:
    "kindest/node:v1.37.0@sha256:a1ed56cfb0e7b93589bdf97c8cd566405a265939e3620fc4f5de89adff580ae5",
  /** What the built node runs: the last minor version that works on Debian 12's containerd 1.6. */
  kubernetes: "1.35.4",
  coredns: "1.13.1",
  localPathProvisioner: "0.0.30",
  /** kind's containerd configuration names this tag; kubelet must find it in the node. */
  pause: "3.10",
  metricsServer: "0.9.0",
} as const;

/** kubectl may be one minor version away from the API server, and the nodes are 1.35 (built) or 1.37. */
export const kubectlMinorMin = 35;
