import type { SalePlatform } from "../platform/sale-platform.ts";
import type { Fault } from "./fault.ts";

/** Each way: a call to a service or a statement in a store takes 50 ms longer, as between two cities. */
const LATENCY_MS = 25;

/** Everything takes longer, so that much more is under way at the same time and every race has a wider window. */
export const slowLinks: Fault = {
  name: `every link ${LATENCY_MS} ms late each way`,
  prepare: (platform) => setAll(platform, LATENCY_MS),
  inject: async (platform) => linksOf(platform).length,
  repair: (platform) => setAll(platform, 0),
};

/** Latency is for new connections, so those that are there are broken. */
const setAll = async (platform: SalePlatform, latencyMs: number): Promise<void> => {
  for (const link of linksOf(platform)) {
    link.setLatency(latencyMs);
    await link.cut();
    await link.restore();
  }
};

const linksOf = ({ links }: SalePlatform) => [
  ...Object.values(links.stores),
  ...Object.values(links.services),
];
