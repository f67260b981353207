import { LRUCache } from "lru-cache";
import type { Logger } from "@jatra/common/logging/logger.ts";
import { takeFromWindow, type Grant, type WindowCount } from "../domain/sliding-window.ts";
import type { SharedWindow } from "./redis-window.ts";

export type Allowance = {
  readonly allowed: boolean;
  readonly remaining: number;
  /** Seconds until a try makes sense; only of use when refused. */
  readonly retryAfterSeconds: number;
};

export type RateLimiter = (address: string) => Promise<Allowance> | Allowance;

/** Addresses that one pod remembers; who falls out is only asked for in Redis again. */
const ADDRESSES = 10_000;
/** Redis answers in under a millisecond. Longer waits would be felt in every request. */
const PATIENCE_MS = 100;
/** After a failure Redis is left alone for a while, so that its absence costs one request in a second the patience. */
const PAUSE_MS = 1_000;

type Address = {
  /** Requests that wait for the answer under way; the next question asks for all of them at once. */
  waiting: ((allowance: Allowance) => void)[];
  asking: boolean;
  /** Refused until then without asking: a flood shouldn't reach Redis. */
  refusedUntilMs: number;
  local: WindowCount;
};

/**
 * Limits requests of an address over all pods. One question to Redis is under way at a time for an address, and the requests
 * that come meanwhile share the next one: exact, and the busier an address the fewer questions a request.
 * While Redis is away each pod keeps the limit by itself (fail open, but not without any limit).
 */
export const createRateLimiter = (dependencies: {
  readonly window: SharedWindow;
  readonly requestsPerSecond: number;
  readonly logger: Logger;
  readonly nowMs?: () => number;
}): RateLimiter => {
  const { window, requestsPerSecond: limit, logger } = dependencies;
  const nowMs = dependencies.nowMs ?? Date.now;
  const addresses = new LRUCache<string, Address>({ max: ADDRESSES });
  let awayUntilMs = 0;

  const takeLocally = (address: Address, asked: number): Grant =>
    takeFromWindow(address.local, limit, asked, nowMs());

  const take = async (key: string, address: Address, asked: number): Promise<Grant> => {
    if (nowMs() < awayUntilMs) return takeLocally(address, asked);
    try {
      return await withPatience(window(key, limit, asked));
    } catch (error) {
      awayUntilMs = nowMs() + PAUSE_MS;
      logger.debug({ err: error }, "rate limits are counted by this pod alone");
      return takeLocally(address, asked);
    }
  };

  const ask = async (key: string, address: Address): Promise<void> => {
    address.asking = true;
    while (address.waiting.length > 0) {
      const waiting = address.waiting;
      address.waiting = [];
      const grant = await take(key, address, waiting.length);
      if (grant.granted < waiting.length) address.refusedUntilMs = nowMs() + grant.retryMs;
      waiting.forEach((resolve, index) => resolve(allowanceOf(grant, index)));
    }
    address.asking = false;
  };

  return (key) => {
    let address = addresses.get(key);
    if (!address) {
      const local = { second: 0, current: 0, previous: 0 };
      address = { waiting: [], asking: false, refusedUntilMs: 0, local };
      addresses.set(key, address);
    }
    const refusedMs = address.refusedUntilMs - nowMs();
    if (refusedMs > 0) return refusal(refusedMs);
    const { waiting, asking } = address;
    const answer = new Promise<Allowance>((resolve) => waiting.push(resolve));
    if (!asking) void ask(key, address);
    return answer;
  };
};

const allowanceOf = (grant: Grant, index: number): Allowance =>
  index < grant.granted
    ? { allowed: true, remaining: grant.remaining, retryAfterSeconds: 1 }
    : refusal(grant.retryMs);

const refusal = (retryMs: number): Allowance => ({
  allowed: false,
  remaining: 0,
  retryAfterSeconds: Math.max(1, Math.ceil(retryMs / 1000)),
});

/**
 * When the event loop was busy for longer than the patience, the timer comes before the answer that has long arrived: one turn more
 * lets it be read first.
 */
const withPatience = async (grant: Promise<Grant>): Promise<Grant> => {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => reject(new Error("Redis took too long"));
  const timer = setTimeout(() => setImmediate(giveUp), PATIENCE_MS);
  try {
    return await Promise.race([grant, late]);
  } finally {
    clearTimeout(timer);
  }
};
