import { randomUUID } from "node:crypto";
import type { Redis } from "@jatra/common/redis/client.ts";
import type { JourneySource } from "../domain/journey-plan.ts";
import type { OwnedSeats } from "../domain/owned-seats.ts";
import { stretchOf, type Stretch } from "../domain/stretch.ts";
import { loadScript, runScript } from "./script.ts";
import { seatKey, seatKeysOf } from "./seat-keys.ts";

export type LockedSeats =
  | {
      readonly success: true;
      readonly lockId: string;
      readonly userId: string;
      readonly lockedSeats: readonly string[];
    }
  | { readonly success: false; readonly failedSeat: string };

export type Marker = {
  readonly journeyId: string;
  readonly seatId: string;
  readonly leg: number;
  readonly lockId: string;
  /** 0: no end. */
  readonly ttlMs: number;
};

export type LuaScripts = {
  /**
   * Marks all seats for `ttlSeconds`, or none. The seats are those of `of.stretch`, by default the whole route; the
   * owner's token is `of.lockId`, by default a new one. `userId` only comes back in the answer: the token must be the
   * lock's, or a user's old lock could release the user's new one.
   */
  readonly atomicLockSeats: (
    journeyId: string,
    userId: string,
    seatIds: readonly string[],
    ttlSeconds: number,
    of?: { readonly lockId: string; readonly stretch: Pick<Stretch, "fromSeq" | "toSeq"> },
  ) => Promise<LockedSeats>;
  /** New end in `ttlMs` from now, 0 for none. The seat of another lock that stood in the way, if any. */
  readonly extendLock: (seats: OwnedSeats, ttlMs: number) => Promise<string | undefined>;
  /** Answers how many markers were let go. */
  readonly atomicRelease: (seats: OwnedSeats) => Promise<number>;
  /** Markers of one journey; answers how many had to be repaired. */
  readonly restoreMarkers: (markers: readonly Marker[]) => Promise<number>;
};

export const createLuaScripts = (redis: Redis, journeys: JourneySource): LuaScripts => {
  const lock = loadScript("atomic-lock");
  const extend = loadScript("extend-lock");
  const release = loadScript("atomic-release");
  const restore = loadScript("restore-markers");
  return {
    atomicLockSeats: async (journeyId, userId, seatIds, ttlSeconds, of) => {
      const lockId = of?.lockId ?? randomUUID();
      const stretch = of?.stretch ?? (await wholeRoute(journeys, journeyId));
      const { fromSeq, toSeq } = stretch;
      const cells = seatKeysOf({ journeyId, seatIds, fromSeq, toSeq });
      const taken = await runScript(redis, lock, cells.keys, [lockId, ttlSeconds * 1000]);
      const failedSeat = cells.seatIds[taken - 1];
      if (failedSeat !== undefined) return { success: false, failedSeat };
      return { success: true, lockId, userId, lockedSeats: seatIds };
    },
    extendLock: async (seats, ttlMs) => {
      const cells = seatKeysOf(seats);
      const taken = await runScript(redis, extend, cells.keys, [seats.lockId, ttlMs]);
      return cells.seatIds[taken - 1];
    },
    atomicRelease: async (seats) =>
      runScript(redis, release, seatKeysOf(seats).keys, [seats.lockId]),
    restoreMarkers: async (markers) => {
      if (markers.length === 0) return 0;
      const keys = markers.map(({ journeyId, seatId, leg }) => seatKey(journeyId, seatId, leg));
      const args = markers.flatMap(({ lockId, ttlMs }) => [lockId, ttlMs]);
      return runScript(redis, restore, keys, args);
    },
  };
};

const wholeRoute = async (journeys: JourneySource, journeyId: string): Promise<Stretch> => {
  const plan = await journeys.find(journeyId);
  const stretch = plan && stretchOf(plan.journey, undefined, undefined);
  if (!stretch) throw new Error(`journey ${journeyId} is unknown`);
  return stretch;
};
