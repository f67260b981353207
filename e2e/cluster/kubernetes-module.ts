import { join } from "node:path";
import { versions } from "./versions.ts";

/** The folder with the go.mod and go.sum that pin what Kubernetes is built from. */
export const kubernetesModule = join(import.meta.dirname, "node-image/kubernetes");

/** Without these the binaries would call themselves v0.0.0-master, which kubeadm refuses. */
export function kubernetesLinkerFlags(): string {
  const component = "k8s.io/component-base/version";
  return [
    `-X ${component}.gitVersion=v${versions.kubernetes}`,
    `-X ${component}.gitMajor=1`,
    `-X ${component}.gitMinor=${versions.kubernetes.split(".")[1]}`,
    `-X k8s.io/client-go/pkg/version.gitVersion=v${versions.kubernetes}`,
  ].join(" ");
}
