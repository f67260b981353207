import { existsSync, symlinkSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { goBuildPinned, goInstall } from "./go-build.ts";
import { cache } from "./folders.ts";
import { kubernetesModule, kubernetesLinkerFlags } from "./kubernetes-module.ts";
import { outputOf } from "./run-command.ts";
import { kubectlMinorMin, versions } from "./versions.ts";

export type ToolName = "kind" | "kubectl" | "helm";

/**
 * Makes sure of the tools: those on PATH where they are recent enough, else built into the cache (kind 25 s, helm
 * 2 min, kubectl comes with the node image or takes 1 min). Puts the cache in front of PATH for this process.
 */
export async function ensureTools(
  tools: readonly ToolName[],
  note: (text: string) => void = () => undefined,
): Promise<void> {
  usePath(toolFolder());
  for (const tool of tools) {
    if (existsSync(join(toolFolder(), tool)) || (await recentEnough[tool]())) continue;
    link(tool, await make[tool]());
    note(`built ${tool}`);
  }
}

/** Where the tools of this project are, to be told to people. */
export function toolFolder(): string {
  return cache("bin");
}

const recentEnough: Record<ToolName, () => Promise<boolean>> = {
  // Not any other kind: the node image and the configuration are for this one.
  kind: async () => (await outputOf("kind", ["version", "-q"])) === versions.kind,
  kubectl: async () => {
    const text = await outputOf("kubectl", ["version", "--client"]);
    return Number(/v1\.(\d+)\./.exec(text ?? "")?.[1] ?? 0) >= kubectlMinorMin;
  },
  helm: async () => (await outputOf("helm", ["version", "--short"]))?.startsWith("v4.") === true,
};

const make: Record<ToolName, () => Promise<string>> = {
  kind: () => goInstall("sigs.k8s.io/kind", versions.kind),
  helm: () => goInstall("helm.sh/helm/v4/cmd/helm", versions.helm),
  kubectl: async () => {
    const file = join(cache("go"), `kubectl-${versions.kubernetes}`);
    if (!existsSync(file)) {
      const flags = kubernetesLinkerFlags();
      await goBuildPinned(kubernetesModule, ["k8s.io/kubernetes/cmd/kubectl"], file, flags);
    }
    return file;
  },
};

function link(tool: ToolName, file: string): void {
  const target = join(toolFolder(), tool);
  rmSync(target, { force: true });
  symlinkSync(file, target);
}

function usePath(folder: string): void {
  const path = process.env["PATH"] ?? "";
  if (!path.split(delimiter).includes(folder)) process.env["PATH"] = `${folder}${delimiter}${path}`;
}
