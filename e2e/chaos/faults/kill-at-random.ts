import type { ServiceName } from "../platform/service-table.ts";
import type { Fault } from "./fault.ts";
import { killAndRest, KILLS_MAX } from "./kill-and-rest.ts";
import { pause, someMs } from "./pause.ts";

/** `kill -9` at any moment, one after the other, each followed by a successor at once. */
export const killAtRandom = (name: string, victims: readonly ServiceName[]): Fault => ({
  name,
  inject: async (platform, signal) => {
    let kills = 0;
    await pause(someMs(200, 1_200), signal);
    while (!signal.aborted && kills < KILLS_MAX) {
      const victim = victims[kills % victims.length];
      if (victim === undefined) break;
      await killAndRest(platform, victim, signal);
      kills += 1;
    }
    return kills;
  },
});
