import { spawn } from "node:child_process";
import { join } from "node:path";
import { repository } from "../../cluster/folders.ts";
import { testCluster } from "./test-cluster.ts";

/** doctor looks at a dozen places, some of them through the API server's tunnels. */
const TIMEOUT_MS = 120_000;

/** `jatractl` on the test cluster; answers its exit code and all that it printed. */
export const jatractl = async (...args: readonly string[]) => {
  const main = join(repository, "operator/src/cli/main.ts");
  const child = spawn(
    process.execPath,
    [main, ...args, "--context", testCluster.context, "-n", testCluster.namespace],
    { stdio: ["ignore", "pipe", "pipe"], timeout: TIMEOUT_MS },
  );
  const output: string[] = [];
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  const code = await new Promise<number | null>((done) => child.once("close", done));
  return { code, text: output.join("") };
};
