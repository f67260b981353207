import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cache } from "../../cluster/folders.ts";
import { run } from "../../cluster/run-command.ts";

export type WrkResult = { readonly perSecond: number; readonly p99Ms: number };

/**
 * Loads `url` with wrk from one thread, each request with the next of the tokens. Throws when an answer wasn't 2xx or a
 * connection broke: an error is answered faster than what is to be measured.
 */
export const runWrk = async (options: {
  readonly image: string;
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  readonly tokens: readonly string[];
}): Promise<WrkResult> => {
  const { image, url, connections, seconds, tokens } = options;
  // Of its own: others may be loaded at the same time, with tokens of theirs.
  const script = join(cache("bench", "wrk"), `tokens-${new URL(url).port}.lua`);
  writeFileSync(script, requestsWith(tokens));
  const container = ["run", "--rm", "--network=host", `--volume=${script}:/tokens.lua:ro`, image];
  const load = ["wrk", "-t1", `-c${connections}`, `-d${seconds}s`, "--latency"];
  const output = await run("docker", [...container, ...load, "-s", "/tokens.lua", url]);
  if (/Non-2xx|Socket errors/.test(output)) throw new Error(`${url}: ${output}`);
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]);
  const [, p99, unit = ""] = /99%\s+([\d.]+)(us|ms|s)/.exec(output) ?? [];
  if (!(perSecond > 0)) throw new Error(`wrk said ${output}`);
  return { perSecond, p99Ms: Number(p99) * (msPer[unit] ?? 1) };
};

const msPer: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1_000 };

/** A Lua script whose requests are made before the measurement begins. */
const requestsWith = (tokens: readonly string[]): string => `
local tokens = { ${tokens.map((token) => `"${token}"`).join(",\n")} }
local requests = {}
local at = 0
init = function()
  for i, token in ipairs(tokens) do
    requests[i] = wrk.format("GET", nil, { ["Authorization"] = "Bearer " .. token })
  end
end
request = function()
  at = at % #requests + 1
  return requests[at]
end
`;
