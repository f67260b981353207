import type { Fault } from "./fault.ts";
import { pause, someMs } from "./pause.ts";

/**
 * All that Redis knows is gone: markers of holds and sales, in-flight locks and cached answers. FLUSHDB, since the container is
 * shared with other tests; to a service, which has one number only, it is FLUSHALL.
 */
export const flushRedis: Fault = {
  name: "Redis FLUSHALL in mid-sale",
  inject: async ({ redis }, signal) => {
    let flushes = 0;
    while (!signal.aborted) {
      await redis.redis.flushdb();
      flushes += 1;
      await pause(someMs(20, 200), signal);
    }
    return flushes;
  },
};
