import { setImmediate as nextTurn } from "node:timers/promises";
import { LRUCache } from "lru-cache";
import type { Logger } from "@jatra/common/logging/logger.ts";
import type { PolicyStanding } from "../domain/rate-headers.ts";
import type { RateClaim } from "../domain/rate-policy.ts";
import { emptyWindow, takeTogether, type WindowCount } from "../domain/sliding-window.ts";
import type { Grant, SharedWindows } from "./redis-windows.ts";

export type Verdict = {
  readonly allowed: boolean;
  /** Of the claims that were looked at, in their order. */
  readonly standings: readonly PolicyStanding[];
};

/** Takes a request's claims, all or none. Never rejects. */
export type RateLimiter = (claims: readonly RateClaim[]) => Promise<Verdict> | Verdict;

/** Clients that one pod remembers; who falls out is only asked for in Redis again. */
const CLIENTS = 10_000;
/** Redis works on one question at a time: 200 requests are some 0.2 ms of it. */
const BATCH_MAX = 200;
/** Redis answers in under a millisecond. Longer waits would be felt in every request. */
const PATIENCE_MS = 100;
/** After a failure Redis is left alone for a while, so that its absence costs the requests of a moment in each second the patience. */
const PAUSE_MS = 1_000;

type Waiting = {
  readonly claims: readonly RateClaim[];
  readonly resolve: (verdict: Verdict) => void;
};

/**
 * Limits requests over all pods. One question to Redis is under way at a time, and all requests that come meanwhile share the
 * next one: exact, and the busier a pod the fewer questions a request. While Redis is away each pod keeps the limits by
 * itself (fail open, but not without any limit).
 */
export const createRateLimiter = (dependencies: {
  readonly windows: SharedWindows;
  readonly logger: Logger;
  readonly nowMs?: () => number;
  /** For tests that count exactly on a machine that stands still for longer. */
  readonly patienceMs?: number;
  /** So many requests are counted by this pod alone. */
  readonly onAlone?: (requests: number) => void;
}): RateLimiter => {
  const { windows, logger } = dependencies;
  const nowMs = dependencies.nowMs ?? Date.now;
  const patienceMs = dependencies.patienceMs ?? PATIENCE_MS;
  /** Refused until then without asking: a flood shouldn't reach Redis. */
  const refused = new LRUCache<string, number>({ max: CLIENTS });
  const takeLocally = createLocalWindows(nowMs);
  const takeAlone = (batch: readonly (readonly RateClaim[])[]): readonly Grant[] => {
    dependencies.onAlone?.(batch.length);
    return batch.map(takeLocally);
  };
  let waiting: Waiting[] = [];
  let asking = false;
  let awayUntilMs = 0;

  const take = async (batch: readonly (readonly RateClaim[])[]): Promise<readonly Grant[]> => {
    if (nowMs() < awayUntilMs) return takeAlone(batch);
    try {
      return await withPatience(windows(batch), patienceMs);
    } catch (error) {
      awayUntilMs = nowMs() + PAUSE_MS;
      logger.debug({ err: error }, "rate limits are counted by this pod alone");
      return takeAlone(batch);
    }
  };

  const ask = async (): Promise<void> => {
    asking = true;
    while (waiting.length > 0) {
      // Everything that this turn of the event loop reads from its connections shares the question.
      await nextTurn();
      const batch = waiting.slice(0, BATCH_MAX);
      waiting = waiting.slice(BATCH_MAX);
      const grants = await take(batch.map(({ claims }) => claims));
      for (const [index, { claims, resolve }] of batch.entries()) {
        const verdict = verdictOf(claims, grants[index]);
        if (!verdict.allowed) remember(claims, verdict);
        resolve(verdict);
      }
    }
    asking = false;
  };

  const remember = (claims: readonly RateClaim[], { standings }: Verdict): void => {
    for (const [index, { key }] of claims.entries()) {
      const retryMs = standings[index]?.retryMs ?? 0;
      if (retryMs > 0) refused.set(key, nowMs() + retryMs);
    }
  };

  return (claims) => {
    for (const { policy, key } of refused.size === 0 ? [] : claims) {
      const retryMs = (refused.get(key) ?? 0) - nowMs();
      if (retryMs > 0) return { allowed: false, standings: [{ policy, remaining: 0, retryMs }] };
    }
    const verdict = new Promise<Verdict>((resolve) => waiting.push({ claims, resolve }));
    if (!asking) void ask();
    return verdict;
  };
};

const createLocalWindows = (nowMs: () => number): ((claims: readonly RateClaim[]) => Grant) => {
  const counts = new LRUCache<string, WindowCount>({ max: CLIENTS });
  const countOf = (key: string): WindowCount => {
    const known = counts.get(key) ?? emptyWindow();
    counts.set(key, known);
    return known;
  };
  return (claims) =>
    takeTogether(
      claims.map(({ policy, key }) => ({ count: countOf(key), quota: policy.quota })),
      nowMs(),
    );
};

const verdictOf = (claims: readonly RateClaim[], grant: Grant | undefined): Verdict => ({
  allowed: grant?.allowed ?? true,
  standings: claims.map(({ policy }, index) => ({
    policy,
    remaining: grant?.standings[index]?.remaining ?? 0,
    retryMs: grant?.standings[index]?.retryMs ?? 0,
  })),
});

/**
 * When the event loop was busy for longer than the patience, the timer comes before the answer that has long arrived: one turn more
 * lets it be read first.
 */
const withPatience = async <T>(answer: Promise<T>, patienceMs: number): Promise<T> => {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => reject(new Error("Redis took too long"));
  const timer = setTimeout(() => setImmediate(giveUp), patienceMs);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
};
