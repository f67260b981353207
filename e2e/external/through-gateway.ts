import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Failure } from "../cluster/failure.ts";
import { cluster, kubectlIn, PLATFORM } from "./on-cluster.ts";

/** Where the gateway listens in its pod. */
const GATEWAY_PORT = 3000;
/** kubectl says where it listens within a second, on a busy machine within a few. */
const FORWARDED_WITHIN_MS = 20_000;

/**
 * Lets `look` reach the platform's gateway at an address of this machine alone: the one port that kind publishes is that of the
 * platform of `npm run up`. The newest pod, since those of before may be going.
 */
export const throughGateway = async <T>(look: (url: string) => Promise<T>): Promise<T> => {
  const newest = ["--sort-by=.metadata.creationTimestamp", "-o"];
  const path = "jsonpath={.items[-1:].metadata.name}";
  const pod = await kubectlIn(PLATFORM, "get", "pods", "-l", "app=api-gateway", ...newest, path);
  const where = ["--context", cluster.context, "--namespace", PLATFORM];
  const child = spawn("kubectl", [...where, "port-forward", pod, `:${GATEWAY_PORT}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const lines = createInterface({ input: child.stdout });
    const [line] = await once(lines, "line", { signal: AbortSignal.timeout(FORWARDED_WITHIN_MS) });
    const address = /127\.0\.0\.1:\d+/.exec(String(line))?.[0];
    if (address === undefined) throw new Failure(`kubectl port-forward said: ${String(line)}`);
    return await look(`http://${address}`);
  } finally {
    child.kill();
  }
};
