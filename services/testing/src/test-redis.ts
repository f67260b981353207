import { createRedis } from "@jatra/common/redis/client.ts";
import { whenRedisReady } from "@jatra/common/redis/when-redis-ready.ts";
import { Cluster, type Redis } from "ioredis";
import { silentLogger } from "./silent-logger.ts";
import { testStores } from "./stores.ts";

export type TestRedis = {
  /** Connected and empty. */
  readonly redis: Redis;
  readonly url: string;
  /** Empties the database's number, gives it back and disconnects. */
  readonly drop: () => Promise<void>;
};

/** Redis has 16; number 0 keeps the claims of the others. */
const NUMBERS = Array.from({ length: 15 }, (_, index) => index + 1);
/** A test file that was killed gives its number back by this; one that runs for longer keeps renewing it. */
const CLAIM_SECONDS = 600;
const RENEW_EVERY_MS = 60_000;
const READY_TIMEOUT_MS = 10_000;

/** A database number that no other test uses at the same time. Throws when all are taken. */
export const createTestRedis = async (): Promise<TestRedis> => {
  const { redisUrl } = await testStores();
  const claims = await connect(redisUrl);
  const number = await claim(claims);
  if (number === undefined) {
    claims.disconnect();
    throw new Error("all Redis numbers are taken by other tests");
  }
  const url = new URL(`/${number}`, redisUrl).href;
  const redis = await connect(url);
  await redis.flushdb();
  const renewing = setInterval(
    () => void claims.expire(claimKey(number), CLAIM_SECONDS).catch(() => undefined),
    RENEW_EVERY_MS,
  );
  const drop = async (): Promise<void> => {
    clearInterval(renewing);
    const cleaner = await connect(url);
    await cleaner.flushdb();
    await claims.del(claimKey(number));
    for (const client of [redis, cleaner, claims]) client.disconnect();
  };
  return { redis, url, drop };
};

const connect = async (url: string): Promise<Redis> => {
  const redis = createRedis({ url, logger: silentLogger });
  if (redis instanceof Cluster) throw new Error("the test store is one server");
  await whenRedisReady(redis, READY_TIMEOUT_MS);
  return redis;
};

const claimKey = (number: number): string => `test-number:${number}`;

const claim = async (redis: Redis): Promise<number | undefined> => {
  for (const number of NUMBERS) {
    const taken = await redis.set(claimKey(number), "1", "EX", CLAIM_SECONDS, "NX");
    if (taken === "OK") return number;
  }
  return undefined;
};
