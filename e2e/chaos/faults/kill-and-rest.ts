import type { SalePlatform } from "../platform/sale-platform.ts";
import type { ServiceName } from "../platform/service-table.ts";
import { pause, someMs } from "./pause.ts";

/** Enough to meet most moments; more would only tell how long clients are patient. */
export const KILLS_MAX = 15;
const REST_MS = { min: 200, more: 1_000 } as const;

/**
 * `kill -9`, a successor, and then for a while nothing: on average as long as the successor took to start, or on a busy
 * machine a service would hardly ever be up.
 */
export const killAndRest = async (
  { services }: SalePlatform,
  victim: ServiceName,
  signal: AbortSignal,
): Promise<void> => {
  const startedMs = performance.now();
  await services[victim].killAndRestart();
  const tookMs = performance.now() - startedMs;
  await pause(someMs(REST_MS.min, REST_MS.more + 2 * tookMs), signal);
};
