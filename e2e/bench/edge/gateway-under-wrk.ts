import { signIn } from "../platform/access-tokens.ts";
import type { ServiceProcess } from "../platform/service-process.ts";
import { startPlatform, type BenchPlatform } from "../platform/start-platform.ts";
import { runWrk, type WrkResult } from "./run-wrk.ts";

export const CONNECTIONS = 64;
export const TOKENS = 1_000;
const PATH = "/api/search/stations?q=dhaka";

/** A gateway with everything on before a service that answers 0.5 kB, and the tokens of its users. */
export type EdgePlatform = {
  readonly platform: BenchPlatform;
  readonly gateway: ServiceProcess;
  readonly tokens: readonly string[];
};

/** `root`: another working copy whose gateway is run. */
export const startEdgePlatform = async (root?: string): Promise<EdgePlatform> => {
  const platform = await startPlatform({
    services: ["auth", "api-gateway"],
    standIns: { search: "e2e/bench/variants/half-kilobyte.ts" },
    ...(root === undefined ? {} : { root }),
  });
  const gateway = platform.processes.find(({ name }) => name === "api-gateway");
  if (!gateway) throw new Error("the platform has no gateway");
  const tokens = (await signIn(platform, TOKENS)).map(({ token }) => token);
  return { platform, gateway, tokens };
};

/** B1's load on whatever stands at `url`. */
export const loadEdge = (options: {
  readonly image: string;
  readonly url: string;
  readonly tokens: readonly string[];
  readonly seconds: number;
}): Promise<WrkResult> =>
  runWrk({ ...options, url: `${options.url}${PATH}`, connections: CONNECTIONS });
