import type { Redis } from "@jatra/common/redis/client.ts";

/**
 * Seats locked one after the other with `SET NX`, given back where one is taken: the usual way. The value is the user,
 * who so can delete a successor's lock of their own.
 */
export const lockOneByOne = async (
  redis: Redis,
  keys: readonly string[],
  userId: string,
  ttlSeconds: number,
): Promise<boolean> => {
  const locked: string[] = [];
  for (const key of keys) {
    if ((await redis.set(key, userId, "EX", ttlSeconds, "NX")) !== "OK") {
      if (locked.length > 0) await redis.del(...locked);
      return false;
    }
    locked.push(key);
  }
  return true;
};
