import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { Redis } from "@jatra/common/redis/client.ts";
import { listClaimedJourneys } from "../data/change-store.ts";
import { findLiveClaims } from "../data/claim-store.ts";
import { findEndedLocks } from "../data/sweep-store.ts";
import type { JourneyPlan, JourneySource } from "../domain/journey-plan.ts";
import { legsOf } from "../domain/stretch.ts";
import type { LuaScripts, Marker } from "../locks/lua-scripts.ts";
import { seatKey } from "../locks/seat-keys.ts";

export type RestoreDependencies = {
  readonly pool: Queryable;
  readonly redis: Redis;
  readonly scripts: LuaScripts;
  readonly journeys: JourneySource;
};

/** A journey that was compared is left alone for so long, unless Redis lost everything, this note included. */
const CHECKED_MS = 300_000;
/** Keys of one command: some hundred µs of Redis, in which it serves nobody else. */
const CHUNK = 500;
/** A marker is of no use any more once the train has arrived; two days allow for any delay. */
const KEEP_MARKERS_MS = 48 * 3_600_000;

/**
 * Compares the markers in Redis with the claims, journey by journey, and repairs Redis: sets lost markers (FLUSHALL,
 * failover), overwrites those of people whom the database refused, removes those of locks that have ended. The note that
 * a journey was compared lives in Redis itself: after a loss everything is compared at once. Answers the repairs.
 */
export const restoreMarkers = async (dependencies: RestoreDependencies): Promise<number> => {
  let repaired = 0;
  for (const journeyId of await listClaimedJourneys(dependencies.pool)) {
    const noteKey = `seat:{${journeyId}}:checked`;
    const mine = await dependencies.redis.set(noteKey, "1", "PX", CHECKED_MS, "NX");
    if (mine === null) continue;
    try {
      repaired += await compareJourney(dependencies, journeyId);
    } catch (error) {
      await dependencies.redis.del(noteKey).catch(() => undefined);
      throw error;
    }
  }
  return repaired;
};

const compareJourney = async (
  dependencies: RestoreDependencies,
  journeyId: string,
): Promise<number> => {
  const plan = await dependencies.journeys.find(journeyId);
  if (!plan) return 0;
  if (isOver(plan, Date.now())) return forget(dependencies, plan);
  return (await setLive(dependencies, journeyId)) + (await removeEnded(dependencies, plan));
};

const isOver = ({ journey }: JourneyPlan, nowMs: number): boolean => {
  const arrivesAt = journey.stops.at(-1)?.arrivesAt;
  if (!journey.departs || !arrivesAt) return false;
  return Date.parse(arrivesAt) + KEEP_MARKERS_MS < nowMs;
};

const setLive = async (
  { pool, scripts }: RestoreDependencies,
  journeyId: string,
): Promise<number> => {
  let repaired = 0;
  const claims = await findLiveClaims(pool, journeyId);
  for (const chunk of chunksOf(claims)) {
    const markers: Marker[] = chunk.map((claim) => ({ journeyId, ...claim }));
    const changed = await scripts.restoreMarkers(markers);
    // A lock that ended between our look at the claims and the write would leave its marker behind: look again.
    if (changed > 0) await releaseEnded({ pool, scripts }, markers);
    repaired += changed;
  }
  return repaired;
};

const removeEnded = async (
  { pool, redis, scripts }: RestoreDependencies,
  plan: JourneyPlan,
): Promise<number> => {
  let removed = 0;
  const { journeyId } = plan.journey;
  for (const chunk of chunksOf(cellsOf(plan))) {
    const owners = await redis.mget(
      chunk.map(({ seatId, leg }) => seatKey(journeyId, seatId, leg)),
    );
    const markers = chunk.flatMap((cell, index) => {
      const lockId = owners[index];
      return lockId ? [{ journeyId, lockId, ttlMs: 0, ...cell }] : [];
    });
    removed += await releaseEnded({ pool, scripts }, markers);
  }
  return removed;
};

/** Removes markers whose lock has ended for good. A lock that isn't known yet is about to be: its marker stays. */
const releaseEnded = async (
  { pool, scripts }: Pick<RestoreDependencies, "pool" | "scripts">,
  markers: readonly Marker[],
): Promise<number> => {
  if (markers.length === 0) return 0;
  const lockIds = [...new Set(markers.map(({ lockId }) => lockId))];
  const ended = new Set(await findEndedLocks(pool, lockIds));
  let removed = 0;
  for (const { journeyId, lockId, seatId, leg } of markers) {
    if (!ended.has(lockId)) continue;
    const cell = { journeyId, lockId, seatIds: [seatId], fromSeq: leg, toSeq: leg + 1 };
    removed += await scripts.atomicRelease(cell);
  }
  return removed;
};

const forget = async ({ redis }: RestoreDependencies, plan: JourneyPlan): Promise<number> => {
  const { journeyId } = plan.journey;
  for (const chunk of chunksOf(cellsOf(plan))) {
    await redis.unlink(chunk.map(({ seatId, leg }) => seatKey(journeyId, seatId, leg)));
  }
  return 0;
};

const cellsOf = ({ journey, seatIds }: JourneyPlan): { seatId: string; leg: number }[] => {
  const legs = legsOf({ fromSeq: 0, toSeq: journey.stops.length - 1 });
  return [...seatIds].flatMap((seatId) => legs.map((leg) => ({ seatId, leg })));
};

const chunksOf = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / CHUNK) }, (_, index) =>
    items.slice(index * CHUNK, (index + 1) * CHUNK),
  );
