import { readFileSync } from "node:fs";
import type { Redis } from "@jatra/common/redis/client.ts";
import type { RateClaim } from "../domain/rate-policy.ts";
import type { Standing } from "../domain/sliding-window.ts";

const lua = readFileSync(new URL("rate-limit.lua", import.meta.url), "utf8");
const COMMAND = "jatraTakeFromWindows";

/** Whether a request was granted, and how each of its claims stands now, in their order. */
export type Grant = { readonly allowed: boolean; readonly standings: readonly Standing[] };

/**
 * Takes many requests' claims in Redis with one question, atomically and in order; a grant for each request. Rejects when Redis
 * doesn't answer.
 */
export type SharedWindows = (
  requests: readonly (readonly RateClaim[])[],
) => Promise<readonly Grant[]>;

export const createRedisWindows = (redis: Redis, prefix: string): SharedWindows => {
  // ioredis sends the hash and, where Redis has lost the script, the script.
  redis.defineCommand(COMMAND, { lua });
  const run: unknown = Reflect.get(redis, COMMAND);
  if (!isCommand(run)) throw new Error("ioredis did not define the command");
  return async (requests) => {
    const answer = await run.call(redis, ...questionOf(requests, `${prefix}:rate:`));
    return grantsOf(requests, answer);
  };
};

/** Arguments of the script, the number of keys first. `nowMs` is for tests: 0 is Redis' own clock. */
export const questionOf = (
  requests: readonly (readonly RateClaim[])[],
  prefix: string,
  nowMs = 0,
): (string | number)[] => {
  const places = new Map<string, number>();
  const question: (string | number)[] = [0];
  let quotas = "";
  let wanted = "";
  for (const claims of requests) {
    wanted += `${claims.length} `;
    for (const { policy, key } of claims) {
      let place = places.get(key);
      if (place === undefined) {
        place = question.push(prefix + key) - 1;
        places.set(key, place);
        quotas += `${policy.quota.limit} ${policy.quota.windowMs} `;
      }
      wanted += `${place} `;
    }
  }
  question[0] = places.size;
  question.push(nowMs, quotas, wanted);
  return question;
};

export const grantsOf = (
  requests: readonly (readonly RateClaim[])[],
  answer: readonly number[],
): readonly Grant[] => {
  let at = 0;
  const next = (): number => answer[at++] ?? 0;
  return requests.map((claims) => {
    const allowed = next() === 1;
    return { allowed, standings: claims.map(() => ({ remaining: next(), retryMs: next() })) };
  });
};

type Command = (this: Redis, ...values: (string | number)[]) => Promise<number[]>;

const isCommand = (value: unknown): value is Command => typeof value === "function";
