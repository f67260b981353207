import { readFileSync } from "node:fs";
import type { Redis } from "@jatra/common/redis/client.ts";
import type { Grant } from "../domain/sliding-window.ts";

const lua = readFileSync(new URL("rate-limit.lua", import.meta.url), "utf8");
const COMMAND = "jatraTakeFromWindow";

/** Takes `asked` requests of an address in Redis, atomically. Rejects when Redis doesn't answer. */
export type SharedWindow = (address: string, limit: number, asked: number) => Promise<Grant>;

export const createRedisWindow = (redis: Redis, prefix: string): SharedWindow => {
  // ioredis sends the hash and, where Redis has lost the script, the script.
  redis.defineCommand(COMMAND, { numberOfKeys: 1, lua });
  const run: unknown = Reflect.get(redis, COMMAND);
  if (!isCommand(run)) throw new Error("ioredis did not define the command");
  return async (address, limit, asked) => {
    const answer = await run.call(redis, `${prefix}:rate:${address}`, limit, asked, 0);
    const [granted = 0, remaining = 0, retryMs = 0] = answer;
    return { granted, remaining, retryMs };
  };
};

type Command = (this: Redis, key: string, ...numbers: number[]) => Promise<number[]>;

const isCommand = (value: unknown): value is Command => typeof value === "function";
