import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "@jatra/testing/free-port.ts";
import { startServiceProcess } from "../bench/platform/service-process.ts";
import { cache, repository } from "../cluster/folders.ts";
import type { Cluster } from "../cluster/kind-cluster.ts";
import { podEnvironment } from "./scale-cluster.ts";

export type OperatorProcess = {
  readonly figures: () => Promise<OperatorFigures>;
  readonly cpuMs: () => number;
  readonly ended: Promise<void>;
  readonly stop: () => Promise<void>;
};

/** From its own `/metrics`, since its start. */
export type OperatorFigures = {
  /** Resident, in MB (10⁶ bytes). */
  readonly memoryMb: number;
  /** Calls to the API server by method. */
  readonly calls: ReadonlyMap<string, number>;
  readonly runs: number;
  readonly failedRuns: number;
};

/** The operator as its pod runs it, with the rights of the chart, but outside of the cluster. */
export const startOperator = async (cluster: Cluster): Promise<OperatorProcess> => {
  const port = await freePort();
  const { flags, variables } = await asItsImage();
  const child = await startServiceProcess({
    name: "jatra-operator",
    folder: join(repository, "operator"),
    script: "src/main.ts",
    port,
    environment: {
      ...variables,
      ...(await podEnvironment(cluster)),
      // As in its image: what Node made of the modules is kept.
      NODE_COMPILE_CACHE: cache("scale", "compile-cache"),
      PORT: String(port),
      POD_NAME: "bench",
      PLATFORM_IMAGE_TAG: "simulated",
      LOG_LEVEL: "info",
    },
    readyPath: "/readyz",
    flags,
  });
  return {
    ...child,
    figures: async () => readFigures(await (await fetch(`${child.url}/metrics`)).text()),
  };
};

/** Node's flags and what the C library goes by. */
const asItsImage = async (): Promise<{
  flags: readonly string[];
  variables: Readonly<Record<string, string>>;
}> => {
  const dockerfile = await readFile(join(repository, "operator/Dockerfile"), "utf8");
  const flags = [...dockerfile.matchAll(/"(--[^"]+)"/g)].map(([, flag = ""]) => flag);
  const variables = [...dockerfile.matchAll(/\b(MALLOC_\w+)=(\d+)/g)];
  return {
    flags,
    variables: Object.fromEntries(variables.map(([, name = "", value = ""]) => [name, value])),
  };
};

const readFigures = (text: string): OperatorFigures => {
  const sum = (pattern: RegExp) =>
    [...text.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0);
  const calls = new Map<string, number>();
  for (const match of text.matchAll(/^rest_client_requests_total\{method="(\w+)"[^}]*\} (\d+)/gm)) {
    const [, method = "", count] = match;
    calls.set(method, (calls.get(method) ?? 0) + Number(count));
  }
  return {
    memoryMb: sum(/^process_resident_memory_bytes (\d+)/gm) / 1e6,
    calls,
    runs: sum(/^controller_runtime_reconcile_total\{[^}]*\} (\d+)/gm),
    failedRuns: sum(/^controller_runtime_reconcile_total\{[^}]*result="error"[^}]*\} (\d+)/gm),
  };
};
