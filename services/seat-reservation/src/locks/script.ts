import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Redis } from "@jatra/common/redis/client.ts";

export type Script = { readonly source: string; readonly sha: string };

/** Reads a script of `scripts/` once, when the service starts. */
export const loadScript = (name: string): Script => {
  const source = readFileSync(new URL(`scripts/${name}.lua`, import.meta.url), "utf8");
  return { source, sha: createHash("sha1").update(source).digest("hex") };
};

/**
 * Runs a script in one round trip by its hash. A server that doesn't know it (restart, failover, SCRIPT FLUSH) gets the
 * source once more. All our scripts answer an integer.
 */
export const runScript = async (
  redis: Redis,
  script: Script,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<number> => {
  const rest = [...keys, ...args];
  try {
    return integer(await redis.evalsha(script.sha, keys.length, ...rest));
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
    return integer(await redis.eval(script.source, keys.length, ...rest));
  }
};

const integer = (result: unknown): number => {
  if (typeof result !== "number") throw new Error("a script answered no integer");
  return result;
};
