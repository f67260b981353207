import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Cluster } from "../../cluster/kind-cluster.ts";

export type ObjectWatch = {
  /** When (`performance.now()`) a value came that fits, seen since `start`. Rejects after the deadline. */
  readonly until: (fits: (value: string) => boolean, start: number) => Promise<number>;
  readonly stop: () => void;
};

/** The slowest promise of B9 is 5 s; what takes this long isn't coming. */
const DEADLINE_MS = 60_000;

/** Watches one object's value by JSONPath, as the API server tells of each change. Answers once the first value is there. */
export const watchObject = async (
  { context }: Cluster,
  namespace: string,
  object: string,
  path: string,
): Promise<ObjectWatch> => {
  const output = `jsonpath=${path}{"\\n"}`;
  const args = ["--context", context, "-n", namespace, "get", object, "--watch", "-o", output];
  const child = spawn("kubectl", args, { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  const seen: { readonly at: number; readonly value: string }[] = [];
  lines.on("line", (value) => seen.push({ at: performance.now(), value }));
  await once(lines, "line");
  return {
    stop: () => child.kill(),
    until: async (fits, start) => {
      const signal = AbortSignal.timeout(DEADLINE_MS);
      for (;;) {
        const found = seen.find(({ at, value }) => at >= start && fits(value));
        if (found) return found.at;
        await once(lines, "line", { signal });
      }
    },
  };
};
