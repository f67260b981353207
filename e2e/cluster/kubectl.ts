import { Failure } from "./failure.ts";
import type { Cluster } from "./kind-cluster.ts";
import { outputOf, run, type CommandOptions } from "./run-command.ts";

const requestTimeoutMs = 60_000;

/** Runs kubectl against a cluster, by its context, never by whatever happens to be current. */
export function kubectl(
  cluster: Cluster,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  return run("kubectl", ["--context", cluster.context, ...args], {
    timeoutMs: requestTimeoutMs,
    ...options,
  });
}

/** Like `kubectl`, but undefined where it failed: for objects that may not be there yet. */
export function kubectlOutput(
  cluster: Cluster,
  args: readonly string[],
): Promise<string | undefined> {
  return outputOf("kubectl", ["--context", cluster.context, ...args], {
    timeoutMs: requestTimeoutMs,
  });
}

/** Refuses a context that kubectl doesn't know and a cluster that doesn't answer. */
export async function checkContext(context: string): Promise<void> {
  const list = (await outputOf("kubectl", ["config", "get-contexts", "-o", "name"])) ?? "";
  const contexts = list.split("\n").filter(Boolean);
  if (!contexts.includes(context)) {
    const known = contexts.length > 0 ? contexts.join(", ") : "none";
    throw new Failure(`There is no context ${context} in your kubeconfig; known: ${known}.`);
  }
  await checkAnswers(context);
}

/** Refuses a cluster that doesn't answer. */
export async function checkAnswers(context: string): Promise<void> {
  const args = ["--context", context, "get", "--raw=/readyz", "--request-timeout=10s"];
  if ((await outputOf("kubectl", args, { timeoutMs: 20_000 })) !== undefined) return;
  throw new Failure(
    `The cluster of context ${context} does not answer: check ` +
      `\`kubectl --context ${context} get nodes\`, start it, and run this again.`,
  );
}
