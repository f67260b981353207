import type { ServiceName } from "../platform/service-table.ts";
import type { Fault } from "./fault.ts";
import { pause, someMs } from "./pause.ts";

/** `kill -9` at any moment, one after the other, each followed by a successor at once. */
export const killAtRandom = (name: string, victims: readonly ServiceName[]): Fault => ({
  name,
  inject: async (platform, signal) => {
    let kills = 0;
    for (let turn = 0; !signal.aborted; turn += 1) {
      await pause(someMs(200, 1_200), signal);
      const victim = victims[turn % victims.length];
      if (signal.aborted || victim === undefined) break;
      await platform.services[victim].killAndRestart();
      kills += 1;
    }
    return kills;
  },
});
