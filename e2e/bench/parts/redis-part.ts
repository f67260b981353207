import { createRedis } from "@jatra/common/redis/client.ts";
import { whenRedisReady } from "@jatra/common/redis/when-redis-ready.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { createTestRedis } from "@jatra/testing/test-redis.ts";
import { Redis } from "ioredis";
import type { Part } from "./part.ts";

const READY_MS = 5_000;

/** Commands that requests of one moment send: each written by itself, as ioredis has it, or together. */
export const redisPart = async (): Promise<Part> => {
  const { url, drop } = await createTestRedis();
  const plain = new Redis(url);
  const together = createRedis({ url, logger: silentLogger });
  await Promise.all([whenRedisReady(plain, READY_MS), whenRedisReady(together, READY_MS)]);
  const set = (redis: Pick<Redis, "set">): Promise<unknown> =>
    redis.set("seat:{journey-1}:seat-1:0", "lock-1");
  return {
    name: "commands to Redis, 64 at a time: written one by one, those of a turn together",
    count: 50_000,
    inFlight: 64,
    ways: { before: () => set(plain), after: () => set(together) },
    stop: async () => {
      for (const redis of [plain, together]) redis.disconnect();
      await drop();
    },
  };
};
