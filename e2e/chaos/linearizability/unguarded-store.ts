import { randomUUID } from "node:crypto";
import { createRedis } from "@jatra/common/redis/client.ts";
import { whenRedisReady } from "@jatra/common/redis/when-redis-ready.ts";
import { seatKeysOf } from "@jatra/seat-reservation/locks/seat-keys.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { lockOneByOne } from "../../bench/variants/set-nx-loop.ts";
import { stations, type SeatStore } from "./seat-commands.ts";

/**
 * The usual way, for the checker's own test: seats marked one after the other with `SET NX`, no owner token, no claims in a
 * database. Whoever releases deletes the keys, whoever's they are by now. It only knows acquire and release.
 */
export const openUnguardedStore = async (redisUrl: string): Promise<SeatStore> => {
  const redis = createRedis({ url: redisUrl, logger: silentLogger });
  await whenRedisReady(redis, 20_000);
  const keysOf = new Map<string, readonly string[]>();
  return async (command) => {
    if (command.kind === "release") {
      await redis.del(...(keysOf.get(command.lockId) ?? []));
      return { outcome: "ok" };
    }
    if (command.kind !== "acquire") throw new Error(`${command.kind} isn't known here`);
    const { journeyId, userId, seatIds, ttlSeconds } = command;
    const [fromSeq, toSeq] = [command.from, command.to].map((code) =>
      stations.findIndex((station) => station === code),
    );
    const stretch = { fromSeq: fromSeq ?? 0, toSeq: toSeq ?? 0 };
    const { keys } = seatKeysOf({ journeyId, seatIds, ...stretch });
    if (!(await lockOneByOne(redis, keys, userId, ttlSeconds))) {
      return { outcome: "seat_unavailable", failedSeat: seatIds[0] ?? "" };
    }
    const lockId = randomUUID();
    keysOf.set(lockId, keys);
    const endsAt = new Date(Date.now() + ttlSeconds * 1000).toISOString();
    return { outcome: "ok", lockId, endsAt };
  };
};
