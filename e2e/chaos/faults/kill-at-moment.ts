import type { SalePlatform } from "../platform/sale-platform.ts";
import type { CrashMoment } from "./crash-moments.ts";
import type { Fault } from "./fault.ts";
import { killAndRest, KILLS_MAX } from "./kill-and-rest.ts";
import { pause } from "./pause.ts";

/** A look costs under a millisecond; the moments last some, and come again with each booking. */
const LOOK_EVERY_MS = 3;

/** `kill -9` each time the moment is seen, with the sale going on between two kills. */
export const killAtMoment = (moment: CrashMoment): Fault => ({
  name: `kill -9: ${moment.name}`,
  inject: async (platform, signal) => {
    let kills = 0;
    while (!signal.aborted && kills < KILLS_MAX) {
      if (!(await seen(platform, moment, signal))) break;
      await killAndRest(platform, moment.victim, signal);
      kills += 1;
    }
    return kills;
  },
});

const seen = async (
  { databases }: SalePlatform,
  { seenIn, query }: CrashMoment,
  signal: AbortSignal,
): Promise<boolean> => {
  while (!signal.aborted) {
    const { rows } = await databases[seenIn].pool.query(`${query} LIMIT 1`);
    if (rows.length > 0) return true;
    await pause(LOOK_EVERY_MS, signal);
  }
  return false;
};
