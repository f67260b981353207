import { run } from "../../cluster/run-command.ts";
import { containerName } from "../../images/store-containers.ts";
import { redisCli } from "../../images/store-settings.ts";
import type { Script } from "@jatra/seat-reservation/locks/script.ts";

/** Two calls for one seat are so rare that they don't count. Above 2^31 redis-benchmark would silently use one key. */
const KEYSPACE = 1_000_000_000;

/**
 * Calls a script by redis-benchmark inside the container of Redis, over its own loopback: nothing of ours is in the way.
 * Answers calls a second.
 */
export const benchmarkScript = async (
  script: Script,
  options: {
    readonly keys: readonly string[];
    readonly args: readonly string[];
    readonly clients: number;
    readonly pipeline: number;
    readonly requests: number;
  },
): Promise<number> => {
  const container = containerName("bench", "redis");
  await inRedis("SCRIPT", "LOAD", script.source);
  // The password is in the container's environment and no argument of ours.
  const port = redisCli("bench").at(-1) ?? "";
  const shell = `exec redis-benchmark -p ${port} -a "$REDISCLI_AUTH" "$@"`;
  const load = `-c ${options.clients} -P ${options.pipeline} -n ${options.requests} -r ${KEYSPACE}`;
  const call = ["EVALSHA", script.sha, String(options.keys.length), ...options.keys];
  const words = [...load.split(" "), "--csv", ...call, ...options.args];
  const inShell = ["bash", "-c", shell, "redis-benchmark", ...words];
  const output = await run("docker", ["exec", container, ...inShell]);
  const figures =
    output
      .trim()
      .split("\n")
      .at(-1)
      ?.match(/"([\d.]+)"/g) ?? [];
  const perSecond = Number(figures[0]?.replaceAll('"', ""));
  await refuseRepeatedKeys(options.requests * options.keys.length);
  if (!(perSecond > 0)) throw new Error(`redis-benchmark said ${output.slice(-500)}`);
  return perSecond;
};

/** Empties Redis, however long a million keys take; a client of the service would give up after 2 s. */
export const emptyRedis = async (): Promise<void> => {
  await inRedis("FLUSHALL", "SYNC");
};

/** A call that finds its seats held writes nothing and would be a faster one than ours. */
const refuseRepeatedKeys = async (keysWanted: number): Promise<void> => {
  const keys = Number(await inRedis("DBSIZE"));
  if (keys < keysWanted * 0.99) throw new Error(`${keys} keys were made instead of ${keysWanted}`);
};

const inRedis = (...command: string[]): Promise<string> =>
  run("docker", ["exec", containerName("bench", "redis"), ...redisCli("bench"), ...command]);
