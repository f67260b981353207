import { createPool } from "@jatra/common/database/pool.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import { createRedis } from "@jatra/common/redis/client.ts";
import { whenRedisReady } from "@jatra/common/redis/when-redis-ready.ts";
import { claimSeatsIn } from "@jatra/seat-reservation/data/claim-seats.ts";
import { createHoldBatches, type HoldBatches } from "@jatra/seat-reservation/data/hold-batches.ts";
import { findTakenSeats } from "@jatra/seat-reservation/data/claim-store.ts";
import { createLockStore } from "@jatra/seat-reservation/data/lock-store.ts";
import { createSaleStore } from "@jatra/seat-reservation/data/sale-store.ts";
import { acquireLock } from "@jatra/seat-reservation/domain/acquire-lock.ts";
import { applyBookingsWord } from "@jatra/seat-reservation/domain/apply-bookings-word.ts";
import { extendLock } from "@jatra/seat-reservation/domain/extend-lock.ts";
import type { JourneySource } from "@jatra/seat-reservation/domain/journey-plan.ts";
import { ownLock } from "@jatra/seat-reservation/domain/own-lock.ts";
import { payLock } from "@jatra/seat-reservation/domain/pay-lock.ts";
import { releaseLock } from "@jatra/seat-reservation/domain/release-lock.ts";
import { createLuaScripts } from "@jatra/seat-reservation/locks/lua-scripts.ts";
import { createSeatMarkers } from "@jatra/seat-reservation/locks/seat-markers.ts";
import { createSeatMetrics } from "@jatra/seat-reservation/seat-metrics.ts";
import { expireHolds } from "@jatra/seat-reservation/sweepers/expire-holds.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { z } from "zod";
import { stations, type SeatAnswer, type SeatCommand, type SeatStore } from "./seat-commands.ts";

/** One pod's share of the test stores. */
const POOL_SIZE = 6;
const REDIS_READY_WITHIN_MS = 20_000;
/** Out of reach, so that every extension is a full one. */
const MAX_HOLD_SECONDS = 3_600;

const failedSeatSchema = z.object({ failedSeat: z.string() });

/** The seat-reservation service's own code over its own stores, composed as in its `compose.ts`, without HTTP. */
export const openServiceStore = async (addresses: {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly journeys: JourneySource;
}): Promise<{ readonly store: SeatStore; readonly sweep: () => Promise<void> }> => {
  const { journeys } = addresses;
  const logger = silentLogger;
  const metrics = createSeatMetrics(createMetrics("seat-reservation-service"));
  const pool = createPool({ url: addresses.databaseUrl, size: POOL_SIZE, logger });
  const redis = createRedis({ url: addresses.redisUrl, logger });
  await whenRedisReady(redis, REDIS_READY_WITHIN_MS);
  const scripts = createLuaScripts(redis, journeys);
  const markers = createSeatMarkers({ scripts, logger, metrics });
  const parts = {
    journeys,
    pool,
    holdBatches: createHoldBatches(pool),
    markers,
    metrics,
    locks: createLockStore(pool),
    sales: createSaleStore(pool),
  };
  const sweep = async (): Promise<void> => {
    await markers.retryReleases();
    await expireHolds({ pool, markers });
  };
  return { store: (command) => run(parts, command).catch(refusal), sweep };
};

type Parts = Parameters<typeof releaseLock>[0] &
  Parameters<typeof applyBookingsWord>[0] &
  Pick<Parameters<typeof acquireLock>[0], "journeys" | "metrics"> & {
    readonly pool: ReturnType<typeof createPool>;
    readonly holdBatches: HoldBatches;
  };

const run = async (parts: Parts, command: SeatCommand): Promise<SeatAnswer> => {
  switch (command.kind) {
    case "acquire":
      return acquire(parts, command);
    case "look": {
      const stretch = { from: "", to: "", ...command };
      const taken = await findTakenSeats(parts.pool, command.journeyId, stretch);
      const shown = taken.map(({ seatId, sold }) => [seatId, sold ? "SOLD" : "HELD"]);
      return { outcome: "ok", taken: Object.fromEntries(shown) };
    }
    case "sell":
    case "free": {
      const outcome = command.kind === "sell" ? "sold" : "free";
      const changed = await applyBookingsWord(parts, outcome, command);
      return { outcome: changed ? "changed" : "unchanged" };
    }
    case "pay": {
      const { lockId, bookingId, userId } = command;
      await payLock(parts, { lockId, payer: { bookingId, userId, tokenHash: undefined } });
      return { outcome: "ok" };
    }
    case "extend":
    case "release":
    case "read":
      return asOwner(parts, command);
    default:
      throw new Error("no such command");
  }
};

const acquire = async (
  { journeys, markers, metrics, pool, holdBatches }: Parts,
  command: Extract<SeatCommand, { kind: "acquire" }>,
): Promise<SeatAnswer> => {
  const limits = { ttlSeconds: 600, seatsMax: 4, maxHoldSeconds: MAX_HOLD_SECONDS };
  const claimSeats = claimSeatsIn(pool, holdBatches, undefined);
  const lock = await acquireLock({ journeys, markers, metrics, limits, claimSeats }, command);
  return { outcome: "ok", lockId: lock.lockId, endsAt: lock.expiresAt };
};

const asOwner = async (
  parts: Parts,
  command: Extract<SeatCommand, { kind: "extend" | "release" | "read" }>,
): Promise<SeatAnswer> => {
  const { lockId } = command;
  const caller = { userId: command.userId, tokenHash: undefined };
  if (command.kind === "release") {
    await releaseLock(parts, { lockId, caller });
    return { outcome: "ok" };
  }
  if (command.kind === "read") {
    const { status, expiresAt } = ownLock(await parts.locks.find(lockId), caller);
    return { outcome: status, endsAt: expiresAt.toISOString() };
  }
  const { ttlSeconds } = command;
  const wish = { lockId, caller, ttlSeconds, maxHoldSeconds: MAX_HOLD_SECONDS };
  const { expiresAt } = await extendLock(parts, wish);
  return { outcome: "ok", endsAt: expiresAt.toISOString() };
};

/** What the service says on purpose is an answer; any other error leaves open what happened. */
const refusal = (error: unknown): SeatAnswer => {
  if (!(error instanceof Problem)) throw error;
  const { code, options } = error;
  if (code !== "seat_unavailable") return { outcome: code };
  return { outcome: code, ...failedSeatSchema.parse(options.extra) };
};

/** Stop numbers of a stretch as the routes are asked for it. */
export const stationsOf = (fromSeq: number, toSeq: number): { from: string; to: string } => {
  const [from, to] = [stations[fromSeq], stations[toSeq]];
  if (from === undefined || to === undefined) throw new Error(`no stops ${fromSeq}-${toSeq}`);
  return { from, to };
};
