import { run } from "../../cluster/run-command.ts";
import { testCluster } from "./test-cluster.ts";

/** One call to the API server takes milliseconds; `exec`, `wait` and `logs` may take a while. */
const TIMEOUT_MS = 120_000;

/** `kubectl` on the test cluster, namespace `jatra`; answers standard output, throws with what it said. */
export const kubectl = (...args: readonly string[]): Promise<string> =>
  run("kubectl", ["--context", testCluster.context, "-n", testCluster.namespace, ...args], {
    timeoutMs: TIMEOUT_MS,
  });

/** With a manifest on standard input. */
export const kubectlApply = (
  manifest: string,
  namespace: string = testCluster.namespace,
): Promise<string> =>
  run("kubectl", ["--context", testCluster.context, "-n", namespace, "apply", "-f", "-"], {
    input: manifest,
    timeoutMs: TIMEOUT_MS,
  });

/** One value of one object by JSONPath, such as `{.status.replicas}`. */
export const jsonPath = (kind: string, name: string, path: string): Promise<string> =>
  kubectl("get", kind, name, "-o", `jsonpath=${path}`);

/** Names of objects as `kind/name`: all of these kinds, or those that a selector (`-l`, …) picks. */
export const namesOf = async (kinds: string, ...selector: readonly string[]): Promise<string[]> =>
  (await kubectl("get", kinds, ...selector, "-o", "name")).split("\n").filter(Boolean);
