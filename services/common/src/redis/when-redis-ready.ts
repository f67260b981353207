import { inTime } from "../service/in-time.ts";
import type { Redis } from "./client.ts";

/** Waits for the first connection; throws after `timeoutMs`. For tests and for work that has to begin with Redis. */
export const whenRedisReady = async (redis: Redis, timeoutMs: number): Promise<void> => {
  if (redis.status === "ready") return;
  const { promise, resolve } = Promise.withResolvers<void>();
  redis.once("ready", resolve);
  try {
    await inTime(promise, timeoutMs, () => new Error("Redis did not become ready"));
  } finally {
    redis.off("ready", resolve);
  }
};
