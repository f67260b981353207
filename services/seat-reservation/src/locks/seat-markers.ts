import type { Logger } from "@jatra/common/logging/logger.ts";
import type { SeatMarkers } from "../domain/seat-markers.ts";
import type { SeatMetrics } from "../seat-metrics.ts";
import type { LuaScripts } from "./lua-scripts.ts";

/** The Lua scripts as the domain sees them: an error of Redis is counted and answers «unknown». */
export const createSeatMarkers = (dependencies: {
  readonly scripts: LuaScripts;
  readonly logger: Logger;
  readonly metrics: SeatMetrics;
}): SeatMarkers => {
  const { scripts } = dependencies;
  const attempt = createAttempt(dependencies);
  return {
    lock: async ({ lockId, journeyId, seatIds, fromSeq, toSeq }, owner, ttlSeconds) => {
      const of = { lockId, stretch: { fromSeq, toSeq } };
      const locked = await attempt(() =>
        scripts.atomicLockSeats(journeyId, owner, seatIds, ttlSeconds, of),
      );
      if (!locked) return { outcome: "unknown" };
      if (locked.success) return { outcome: "marked" };
      return { outcome: "taken", failedSeat: locked.failedSeat };
    },
    extend: async (seats, ttlMs) => {
      // A foreign marker in the way is somebody whom the database is about to refuse; the sweeper sets it right.
      await attempt(() => scripts.extendLock(seats, ttlMs));
    },
    release: async (seats) => {
      await attempt(() => scripts.atomicRelease(seats));
    },
  };
};

/** One line when Redis goes and one when it is back, not one a request. */
const createAttempt = ({
  logger,
  metrics,
}: {
  readonly logger: Logger;
  readonly metrics: SeatMetrics;
}) => {
  let away = false;
  return async <T>(call: () => Promise<T>): Promise<T | undefined> => {
    try {
      const result = await call();
      if (away) logger.info("Redis marks seats again");
      away = false;
      return result;
    } catch (error) {
      metrics.redisFailures.inc();
      if (!away) logger.error({ err: error }, "Redis is away, the database decides alone");
      away = true;
      return undefined;
    }
  };
};
