import { Counter } from "prom-client";
import type pg from "pg";
import type { Redis } from "../redis/client.ts";
import { Problem } from "../http/problem.ts";
import type { Reply } from "../http/reply.ts";
import type { Logger } from "../logging/logger.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { oncePerRegistry } from "../metrics/once-per-registry.ts";
import type { IdempotencyEngine, IdempotentRequest } from "./idempotency-engine.ts";
import {
  createFindReply,
  forgetExpired,
  IdempotencyConflict,
  insertReply,
  type FindReply,
} from "./idempotency-store.ts";
import { createRun, type Run } from "./create-run.ts";
import type { IdempotentRun } from "./idempotent-run.ts";
import { releaseLock, takeLock } from "./in-flight-lock.ts";
import { cacheNames, readCache, writeCache } from "./reply-cache.ts";
import { toReply, toStoredReply, type StoredReply } from "./stored-reply.ts";

export type EngineDependencies = {
  readonly pool: pg.Pool;
  readonly redis: Redis;
  /** How long a key is remembered, row and cache (86,400). */
  readonly ttlSeconds: number;
  /** How long a run may be in flight (30); its handler gets less. */
  readonly lockSeconds: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
};

type Parts = EngineDependencies & { readonly findReply: FindReply };
type Handle = (run: IdempotentRun) => Promise<Reply>;

/** What a client waits before it asks again: most runs take some ten ms. */
const RETRY_AFTER = { "Retry-After": "1" } as const;

const engineMetrics = oncePerRegistry((registry) => ({
  requests: new Counter({
    name: "idempotency_requests_total",
    help: "Requests with a key by outcome: ran, replayed, reused, in_flight, threw, unavailable",
    labelNames: ["operation", "outcome"],
    registers: [registry],
  }),
  cacheReads: new Counter({
    name: "idempotency_cache_reads_total",
    help: "Looks into the cache by result: hit, miss",
    labelNames: ["result"],
    registers: [registry],
  }),
}));

/**
 * The row decides, Redis spares work: its lock turns away a repeat while the first is in flight, its cache answers repeats. If the
 * lock is lost (a restart, FLUSHALL), the row's primary key still stops the second run: its transaction rolls back.
 */
export const createIdempotencyEngine = (given: EngineDependencies): IdempotencyEngine => {
  const { requests } = engineMetrics(given.metrics);
  const dependencies = { ...given, findReply: createFindReply(given.pool) };
  return {
    run: async (request, handle) => {
      const count = (outcome: string): void =>
        requests.inc({ operation: request.operationId, outcome });
      try {
        const { reply, replayed } = await answer(request, handle, dependencies);
        count(replayed ? "replayed" : "ran");
        return reply;
      } catch (error) {
        count(outcomeOf(error));
        throw error;
      }
    },
  };
};

type Answer = { readonly reply: Reply; readonly replayed: boolean };

const answer = async (
  request: IdempotentRequest,
  handle: Handle,
  dependencies: Parts,
): Promise<Answer> => {
  const { redis, metrics, lockSeconds } = dependencies;
  const { lock } = cacheNames(request);
  // Sent together and done in this order: nearly every request is the first of its key.
  const [cached, token] = await orUnavailable(() =>
    Promise.all([readCache(redis, request), takeLock(redis, lock, lockSeconds)]),
  );
  engineMetrics(metrics).cacheReads.inc({ result: cached ? "hit" : "miss" });
  if (cached) {
    if (token !== undefined) await letGo(dependencies, lock, token);
    return replay(request, cached);
  }
  if (token === undefined) return answerBeside(request, dependencies);
  const run = createRun(request, lockSeconds);
  const caching: Promise<void>[] = [];
  try {
    return await runHolding(request, handle, { run, caching }, dependencies);
  } finally {
    // An overdue handler may still be running: its lock ends by itself, when it can no longer complete. The cache is written
    // by an earlier command of the same connection.
    if (!run.overdue()) caching.push(letGo(dependencies, lock, token));
    await Promise.all(caching);
  }
};

/** `caching`: what is being written to the cache, to be waited for. */
type Holding = { readonly run: Run; readonly caching: Promise<void>[] };

/** Another run holds the lock: it may have committed already and be about to let go. */
const answerBeside = async (
  request: IdempotentRequest,
  { findReply, ttlSeconds }: Parts,
): Promise<Answer> => {
  const found = await orUnavailable(() => findReply(request));
  if (found && found.ageSeconds < ttlSeconds) return replay(request, found);
  throw new Problem("idempotency_in_flight", { headers: RETRY_AFTER });
};

const runHolding = async (
  request: IdempotentRequest,
  handle: Handle,
  { run, caching }: Holding,
  dependencies: Parts,
): Promise<Answer> => {
  const earlier = await orUnavailable(() => findLive(request, dependencies));
  if (earlier) return replay(request, earlier);
  try {
    const reply = await run.beforeDeadline(handle(run));
    const stored = run.completed() ?? (await storeAfterwards(request, reply, dependencies));
    if (!stored) return { reply, replayed: false };
    caching.push(remember(request, stored, dependencies.ttlSeconds, dependencies));
    return { reply: toReply(stored, false), replayed: false };
  } catch (error) {
    if (run.overdue()) throw unavailable(error);
    // A run of the same key may have been faster after our lock was lost, or our own commit's answer got lost.
    const winner = await dependencies.findReply(request).catch(() => undefined);
    if (winner) return replay(request, winner);
    if (error instanceof IdempotencyConflict) {
      throw new Problem("idempotency_in_flight", { headers: RETRY_AFTER, cause: error });
    }
    throw error;
  }
};

/** The row, once we hold the lock: a run that ended between our look into the cache and our lock has left it. */
const findLive = async (
  request: IdempotentRequest,
  dependencies: Parts,
): Promise<StoredReply | undefined> => {
  const { pool, findReply, ttlSeconds } = dependencies;
  const found = await findReply(request);
  if (!found) return undefined;
  const remainingSeconds = Math.floor(ttlSeconds - found.ageSeconds);
  if (remainingSeconds < 1) {
    await forgetExpired(pool, request, ttlSeconds);
    return undefined;
  }
  await remember(request, found, remainingSeconds, dependencies);
  return found;
};

/**
 * A handler that had nothing to write in a transaction (its work was done before) answers the same again too: its reply gets a
 * row of its own. A refusal gets none.
 */
const storeAfterwards = async (
  request: IdempotentRequest,
  reply: Reply,
  { pool }: Parts,
): Promise<StoredReply | undefined> => {
  if (reply.status >= 400) return undefined;
  const stored = toStoredReply(request.fingerprint, reply);
  await insertReply(pool, request, stored);
  return stored;
};

const replay = (request: IdempotentRequest, stored: StoredReply): Answer => {
  if (stored.fingerprint !== request.fingerprint) throw new Problem("idempotency_key_reused");
  return { reply: toReply(stored, true), replayed: true };
};

/** The answer stands in the row, so a cache that can't be written only costs the next repeat a query. */
const remember = async (
  request: IdempotentRequest,
  stored: StoredReply,
  ttlSeconds: number,
  { redis, logger }: Parts,
): Promise<void> => {
  await writeCache(redis, request, stored, ttlSeconds).catch((error: unknown) =>
    logger.warn({ err: error }, "idempotent reply not cached"),
  );
};

const letGo = async ({ redis, logger }: Parts, lock: string, token: string): Promise<void> => {
  await releaseLock(redis, lock, token).catch((error: unknown) =>
    logger.warn({ err: error }, "idempotency lock not released, it will expire"),
  );
};

const orUnavailable = async <T>(read: () => Promise<T>): Promise<T> => {
  try {
    return await read();
  } catch (error) {
    throw unavailable(error);
  }
};

const unavailable = (cause: unknown): Problem =>
  new Problem("dependency_unavailable", { headers: RETRY_AFTER, cause });

const outcomeOf = (error: unknown): string => {
  if (!(error instanceof Problem)) return "threw";
  if (error.code === "idempotency_key_reused") return "reused";
  if (error.code === "idempotency_in_flight") return "in_flight";
  return error.code === "dependency_unavailable" ? "unavailable" : "threw";
};
