import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Redis } from "../redis/client.ts";

const releaseScript = readFileSync(new URL("release-lock.lua", import.meta.url), "utf8");

/** Takes the lock for `seconds`; answers the owner token, or `undefined` while another run holds it. */
export const takeLock = async (
  redis: Redis,
  key: string,
  seconds: number,
): Promise<string | undefined> => {
  const token = randomUUID();
  const taken = await redis.set(key, token, "EX", seconds, "NX");
  return taken === "OK" ? token : undefined;
};

/** Gives the lock back unless it expired and is a successor's by now. */
export const releaseLock = async (redis: Redis, key: string, token: string): Promise<void> => {
  await redis.eval(releaseScript, 1, key, token);
};
