import type { SalePlatform } from "../platform/sale-platform.ts";
import type { ServiceName } from "../platform/service-table.ts";
import type { Fault } from "./fault.ts";

/** Minutes apart: far more than time servers leave, less than the five minutes that an identity is good for. */
const SKEWS_MS = [
  ["seat-reservation", 120_000],
  ["booking", -120_000],
  ["payment", 90_000],
  ["ticket", -90_000],
] as const satisfies readonly (readonly [ServiceName, number])[];

const module = new URL("../platform/skewed-clock.ts", import.meta.url).href;

/** Each process believes in another time; whatever matters must be decided by PostgreSQL's. */
export const skewClocks: Fault = {
  name: "clocks up to four minutes apart",
  prepare: async ({ services }) =>
    restartAll(services, (skewMs) => ({
      NODE_OPTIONS: `--import=${module}`,
      PROVE_CLOCK_SKEW_MS: String(skewMs),
    })),
  inject: async () => SKEWS_MS.length,
  repair: async ({ services }) => restartAll(services, () => ({})),
};

const restartAll = async (
  services: SalePlatform["services"],
  environmentOf: (skewMs: number) => Record<string, string>,
): Promise<void> => {
  await Promise.all(
    SKEWS_MS.map(([name, skewMs]) => services[name].killAndRestart(environmentOf(skewMs))),
  );
};
