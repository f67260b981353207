import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { accepted, type Reply } from "@jatra/common/http/reply.ts";
import {
  createIdempotencyEngine,
  type EngineDependencies,
} from "@jatra/common/idempotency/create-engine.ts";
import type {
  IdempotencyEngine,
  IdempotentRequest,
} from "@jatra/common/idempotency/idempotency-engine.ts";
import type { IdempotentRun } from "@jatra/common/idempotency/idempotent-run.ts";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import type { Redis } from "@jatra/common/redis/client.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { createTestDatabase } from "@jatra/testing/test-database.ts";
import { createTestRedis } from "@jatra/testing/test-redis.ts";
import type pg from "pg";

const ddl = readFileSync(new URL("../../src/idempotency/idempotency.sql", import.meta.url), "utf8");

export type World = {
  readonly pool: pg.Pool;
  readonly redis: Redis;
  readonly createEngine: (other?: Partial<EngineDependencies>) => IdempotencyEngine;
  /** A business transaction: one effect, and a reply that differs at every run. */
  readonly book: (run: IdempotentRun) => Promise<Reply>;
  /** How often `book` has committed. */
  readonly effects: () => Promise<number>;
  readonly clear: () => Promise<void>;
  readonly drop: () => Promise<void>;
};

/** A service's database and Redis with an operation that must run once a key. */
export const createWorld = async (): Promise<World> => {
  const database = await createTestDatabase({
    sql: `${ddl}; CREATE TABLE effects (id serial PRIMARY KEY, label text)`,
  });
  const store = await createTestRedis();
  const { pool } = database;
  return {
    pool,
    redis: store.redis,
    createEngine: (other = {}) =>
      createIdempotencyEngine({
        pool,
        redis: store.redis,
        ttlSeconds: 86_400,
        lockSeconds: 30,
        logger: silentLogger,
        metrics: createMetrics("test"),
        ...other,
      }),
    book: async (run) =>
      inTransaction(pool, async (transaction) => {
        await transaction.query("INSERT INTO effects (label) VALUES ('booked')");
        const reply = accepted("/api/bookings/b-1", { bookingId: randomUUID(), ü: "é" });
        await run.complete(transaction, reply);
        return reply;
      }),
    effects: async () => {
      const { rows } = await pool.query<{ count: number }>("SELECT count(*) FROM effects");
      return rows[0]?.count ?? -1;
    },
    clear: async () => {
      await pool.query("TRUNCATE idempotency_keys, effects");
      await store.redis.flushdb();
    },
    drop: async () => {
      await store.drop();
      await database.drop();
    },
  };
};

export const requestOf = (other: Partial<IdempotentRequest> = {}): IdempotentRequest => ({
  userId: "user-1",
  operationId: "createBooking",
  key: "key-1",
  origin: "client",
  fingerprint: "fingerprint-1",
  ...other,
});

export const bytesOf = (reply: Reply): string | undefined => reply.raw?.bytes.toString("utf8");

export const withCode =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof Problem && error.code === code;
