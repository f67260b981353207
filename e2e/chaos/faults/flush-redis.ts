import { again } from "./again.ts";
import type { Fault } from "./fault.ts";
import { pause } from "./pause.ts";

/**
 * All that Redis knows is gone: markers of holds and sales, in-flight locks and cached answers. FLUSHDB, since the container is
 * shared with other tests; to a service, which has one number only, it is FLUSHALL.
 */
export const flushRedis: Fault = {
  name: "Redis FLUSHALL in mid-sale",
  inject: ({ redis }, signal) =>
    again(signal, [20, 200], async () => {
      await redis.redis.flushdb();
    }),
};

/** Away for a second, and back with nothing. */
const RESTART_MS = 1_000;

/** A Redis that keeps nothing on disk restarts: connections break, and what comes back is empty. */
export const restartRedis: Fault = {
  name: "Redis restarts empty in mid-sale",
  inject: ({ redis, links }, signal) =>
    again(signal, [500, 2_500], async () => {
      await links.stores.redis.cut();
      await redis.redis.flushdb();
      await pause(RESTART_MS, signal);
      await links.stores.redis.restore();
    }),
};
