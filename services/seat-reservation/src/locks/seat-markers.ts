import type { Logger } from "@jatra/common/logging/logger.ts";
import type { OwnedSeats } from "../domain/owned-seats.ts";
import type { SeatMarkers } from "../domain/seat-markers.ts";
import type { SeatMetrics } from "../seat-metrics.ts";
import type { LuaScripts } from "./lua-scripts.ts";

/** Releases that are kept while Redis is away; what is beyond that the sweeper finds by itself within minutes. */
const UNRELEASED_MAX = 10_000;
/** After an error the next calls don't even try: a Redis that hangs would cost every buyer its timeout. */
const PAUSE_MS = 1_000;

/** The Lua scripts as the domain sees them: an error of Redis is counted and answers «unknown». */
export const createSeatMarkers = (dependencies: {
  readonly scripts: LuaScripts;
  readonly logger: Logger;
  readonly metrics: SeatMetrics;
}): SeatMarkers => {
  const { scripts } = dependencies;
  const attempt = createAttempt(dependencies);
  const unreleased: OwnedSeats[] = [];
  const release = async (seats: OwnedSeats): Promise<boolean> => {
    const released = await attempt(() => scripts.atomicRelease(seats));
    if (released === undefined && unreleased.length < UNRELEASED_MAX) unreleased.push(seats);
    return released !== undefined;
  };
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
      await release(seats);
    },
    retryReleases: async () => {
      const results = await Promise.all(unreleased.splice(0).map(release));
      return results.filter(Boolean).length;
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
  let pausedUntilMs = 0;
  return async <T>(call: () => Promise<T>): Promise<T | undefined> => {
    if (performance.now() < pausedUntilMs) return undefined;
    try {
      const result = await call();
      if (away) logger.info("Redis marks seats again");
      away = false;
      return result;
    } catch (error) {
      metrics.redisFailures.inc();
      if (!away) logger.error({ err: error }, "Redis is away, the database decides alone");
      away = true;
      pausedUntilMs = performance.now() + PAUSE_MS;
      return undefined;
    }
  };
};
