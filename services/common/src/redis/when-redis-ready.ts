import type { Redis } from "./client.ts";

/** Waits for the first connection; throws after `timeoutMs`. For tests and for work that has to begin with Redis. */
export const whenRedisReady = async (redis: Redis, timeoutMs: number): Promise<void> => {
  if (redis.status === "ready") return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error("Redis did not become ready")), timeoutMs);
  redis.once("ready", resolve);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    redis.off("ready", resolve);
  }
};
