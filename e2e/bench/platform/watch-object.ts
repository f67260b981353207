import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import type { Cluster } from "../../cluster/kind-cluster.ts";

export type ObjectWatch = {
  /** When (`performance.now()`) a value came that fits, seen since `start`. Rejects after the deadline. */
  readonly until: (fits: (value: string) => boolean, start: number) => Promise<number>;
};

/** The slowest promise of B9 is 5 s; what takes this long isn't coming. */
const DEADLINE_MS = 60_000;

/** Watches one object's value by JSONPath, as the API server tells of each change, while `look` runs: begun once the first value is there. */
export const whileWatching = async <T>(
  { context }: Cluster,
  namespace: string,
  object: string,
  path: string,
  look: (watch: ObjectWatch) => Promise<T>,
): Promise<T> => {
  const output = `jsonpath=${path}{"\\n"}`;
  const args = ["--context", context, "-n", namespace, "get", object, "--watch", "-o", output];
  const child = spawn("kubectl", args, { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const lines = createInterface({ input: child.stdout });
    const seen: Seen[] = [];
    lines.on("line", (value) => seen.push({ at: performance.now(), value }));
    await once(lines, "line");
    return await look({ until: (fits, start) => firstSince(lines, seen, fits, start) });
  } finally {
    // Also after a look that failed, or it would keep the whole run from ending.
    child.kill();
  }
};

type Seen = { readonly at: number; readonly value: string };

const firstSince = async (
  lines: Interface,
  seen: readonly Seen[],
  fits: (value: string) => boolean,
  start: number,
): Promise<number> => {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  for (;;) {
    const found = seen.find(({ at, value }) => at >= start && fits(value));
    if (found) return found.at;
    await once(lines, "line", { signal });
  }
};
