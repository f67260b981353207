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

/** Away for a second, and back with nothing. */
const RESTART_MS = 1_000;

/** A Redis that keeps nothing on disk restarts: connections break, and what comes back is empty. */
export const restartRedis: Fault = {
  name: "Redis restarts empty in mid-sale",
  inject: async ({ redis, links }, signal) => {
    let restarts = 0;
    while (!signal.aborted) {
      await pause(someMs(500, 2_500), signal);
      if (signal.aborted) break;
      await links.stores.redis.cut();
      await redis.redis.flushdb();
      await pause(RESTART_MS, signal);
      await links.stores.redis.restore();
      restarts += 1;
    }
    return restarts;
  },
};
