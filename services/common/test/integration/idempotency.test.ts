import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import { createPool } from "@jatra/common/database/pool.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { accepted, type Reply } from "@jatra/common/http/reply.ts";
import { createIdempotencyEngine } from "@jatra/common/idempotency/create-engine.ts";
import type {
  IdempotencyEngine,
  IdempotentRequest,
} from "@jatra/common/idempotency/idempotency-engine.ts";
import type { IdempotentRun } from "@jatra/common/idempotency/idempotent-run.ts";
import { sweepIdempotencyKeys } from "@jatra/common/idempotency/sweep-idempotency-keys.ts";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import { createRedis } from "@jatra/common/redis/client.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { createTestRedis, type TestRedis } from "@jatra/testing/test-redis.ts";

const ddl = readFileSync(new URL("../../src/idempotency/idempotency.sql", import.meta.url), "utf8");

/** Nothing listens on port 1. */
const DEAD_REDIS = "redis://127.0.0.1:1/0";
const DEAD_DATABASE = "postgres://nobody@127.0.0.1:1/nothing";

describe("idempotency engine", () => {
  let database: TestDatabase;
  let store: TestRedis;
  let engine: IdempotencyEngine;

  before(async () => {
    database = await createTestDatabase({
      sql: `${ddl}; CREATE TABLE effects (id serial PRIMARY KEY, label text)`,
    });
    store = await createTestRedis();
    engine = createEngine({});
  });
  beforeEach(async () => {
    await database.pool.query("TRUNCATE idempotency_keys, effects");
    await store.redis.flushdb();
  });
  after(async () => {
    await store.drop();
    await database.drop();
  });

  const createEngine = (
    other: Partial<Parameters<typeof createIdempotencyEngine>[0]>,
  ): IdempotencyEngine =>
    createIdempotencyEngine({
      pool: database.pool,
      redis: store.redis,
      ttlSeconds: 86_400,
      lockSeconds: 30,
      logger: silentLogger,
      metrics: createMetrics("test"),
      ...other,
    });

  const requestOf = (other: Partial<IdempotentRequest> = {}): IdempotentRequest => ({
    userId: "user-1",
    operationId: "createBooking",
    key: "key-1",
    origin: "client",
    fingerprint: "fingerprint-1",
    ...other,
  });

  /** A business transaction: one effect, one reply that differs at every run. */
  const book = async (run: IdempotentRun): Promise<Reply> =>
    inTransaction(database.pool, async (transaction) => {
      await transaction.query("INSERT INTO effects (label) VALUES ('booked')");
      const reply = accepted("/api/bookings/b-1", { bookingId: randomUUID(), ü: "é" });
      await run.complete(transaction, reply);
      return reply;
    });

  const effects = async (): Promise<number> => {
    const { rows } = await database.pool.query<{ count: number }>("SELECT count(*) FROM effects");
    return rows[0]?.count ?? -1;
  };

  const bytesOf = (reply: Reply): string | undefined => reply.raw?.bytes.toString("utf8");
  const withCode = (code: string) => (error: unknown) =>
    error instanceof Problem && error.code === code;

  it("answers a repeat with the same status, headers and bytes, without a second run", async () => {
    const first = await engine.run(requestOf(), book);
    const second = await engine.run(requestOf(), book);
    assert.equal(bytesOf(second), bytesOf(first));
    assert.ok(bytesOf(first));
    assert.deepEqual(
      [first.status, first.headers, second.status, second.headers],
      [
        202,
        { Location: "/api/bookings/b-1" },
        202,
        { Location: "/api/bookings/b-1", "Idempotent-Replayed": "true" },
      ],
    );
    assert.equal(await effects(), 1);
  });

  it("replays from the row when Redis has forgotten everything", async () => {
    const first = await engine.run(requestOf(), book);
    await store.redis.flushdb();
    const second = await engine.run(requestOf(), book);
    assert.equal(bytesOf(second), bytesOf(first));
    assert.equal(await effects(), 1);
  });

  it("keeps the reply under the guide's name, readable, with its scope", async () => {
    const first = await engine.run(requestOf(), book);
    const text = await store.redis.get("idempotency:client:key-1");
    assert.deepEqual(JSON.parse(text ?? ""), {
      scope: { userId: "user-1", operation: "createBooking" },
      fingerprint: "fingerprint-1",
      status: 202,
      headers: { Location: "/api/bookings/b-1" },
      body: bytesOf(first),
    });
    const ttl = await store.redis.ttl("idempotency:client:key-1");
    assert.ok(ttl > 86_000 && ttl <= 86_400, String(ttl));
  });

  it("runs the same key for another user and another operation, each with an answer of its own", async () => {
    const requests = [
      requestOf(),
      requestOf({ userId: "user-2" }),
      requestOf({ operationId: "cancelBooking" }),
      requestOf({ origin: "server" }),
    ];
    const first = [];
    for (const request of requests) first.push(bytesOf(await engine.run(request, book)));
    const second = [];
    for (const request of requests) second.push(bytesOf(await engine.run(request, book)));
    assert.deepEqual(second, first);
    assert.equal(new Set(first).size, 4);
    assert.equal(await effects(), 4);
  });

  it("refuses the same key with another body, whether cached or not", async () => {
    await engine.run(requestOf(), book);
    const other = requestOf({ fingerprint: "fingerprint-2" });
    await assert.rejects(engine.run(other, book), withCode("idempotency_key_reused"));
    await store.redis.flushdb();
    await assert.rejects(engine.run(other, book), withCode("idempotency_key_reused"));
    assert.equal(await effects(), 1);
  });

  it("answers 409 with Retry-After while the first is in flight, then replays it", async () => {
    const begun = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const first = engine.run(requestOf(), async (run) => {
      begun.resolve();
      await finish.promise;
      return book(run);
    });
    await begun.promise;
    await assert.rejects(
      engine.run(requestOf(), book),
      (error) =>
        withCode("idempotency_in_flight")(error) &&
        error instanceof Problem &&
        error.options.headers?.["Retry-After"] === "1",
    );
    finish.resolve();
    const reply = await first;
    assert.equal(bytesOf(await engine.run(requestOf(), book)), bytesOf(reply));
    assert.equal(await effects(), 1);
  });

  it("runs one of twenty simultaneous requests, and every 202 has its bytes", async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => engine.run(requestOf(), book)),
    );
    const bodies = results.flatMap((result) =>
      result.status === "fulfilled" ? [bytesOf(result.value)] : [],
    );
    assert.equal(new Set(bodies).size, 1);
    assert.equal(await effects(), 1);
  });

  it("still runs once when the lock is lost in between: the row stops the second", async () => {
    const begun = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const slow = engine.run(requestOf(), async (run) => {
      begun.resolve();
      await finish.promise;
      return book(run);
    });
    await begun.promise;
    await store.redis.flushdb();
    const fast = await engine.run(requestOf(), book);
    finish.resolve();
    const late = await slow;
    assert.equal(bytesOf(late), bytesOf(fast));
    assert.equal(late.headers?.["Idempotent-Replayed"], "true");
    assert.equal(await effects(), 1);
  });

  it("would run twice without the row: the control of the test above", async () => {
    const withoutRow = async (): Promise<void> => {
      await database.pool.query("INSERT INTO effects (label) VALUES ('booked')");
    };
    await Promise.all([withoutRow(), withoutRow()]);
    assert.equal(await effects(), 2);
  });

  it("does not release a successor's lock", async () => {
    const begun = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const slow = engine.run(requestOf(), async () => {
      begun.resolve();
      await finish.promise;
      throw new Problem("seat_unavailable");
    });
    await begun.promise;
    const [lock] = await store.redis.keys("idempotency:lock:*");
    assert.ok(lock);
    await store.redis.set(lock, "successor");
    finish.resolve();
    await assert.rejects(slow, withCode("seat_unavailable"));
    assert.equal(await store.redis.get(lock), "successor");
  });

  it("stores nothing for a run that threw, and runs the next one", async () => {
    const refuse = async (): Promise<Reply> => {
      throw new Problem("price_changed");
    };
    await assert.rejects(engine.run(requestOf(), refuse), withCode("price_changed"));
    assert.deepEqual(await store.redis.keys("*"), []);
    const reply = await engine.run(requestOf({ fingerprint: "corrected" }), book);
    assert.equal(reply.status, 202);
    assert.equal(await effects(), 1);
  });

  it("leaves neither row nor effect when the transaction fails after complete", async () => {
    const failing = async (run: IdempotentRun): Promise<Reply> =>
      inTransaction(database.pool, async (transaction) => {
        await run.complete(transaction, accepted("/x", {}));
        throw new Error("lost");
      });
    await assert.rejects(engine.run(requestOf(), failing), /lost/);
    const { rows } = await database.pool.query("SELECT * FROM idempotency_keys");
    assert.deepEqual(rows, []);
    await engine.run(requestOf(), book);
    assert.equal(await effects(), 1);
  });

  it("answers with the committed reply when the commit's own answer was lost", async () => {
    const reply = await engine.run(requestOf(), async (run) => {
      await book(run);
      throw new Error("Connection terminated unexpectedly");
    });
    assert.equal(reply.status, 202);
    assert.equal(await effects(), 1);
  });

  it("stores the reply of a handler that had no transaction", async () => {
    let runs = 0;
    const handle = async (): Promise<Reply> => accepted("/x", { runs: (runs += 1) });
    const first = await engine.run(requestOf(), handle);
    const second = await engine.run(requestOf(), handle);
    assert.equal(bytesOf(second), bytesOf(first));
    assert.equal(runs, 1);
  });

  it("gives up a handler at its deadline with 503, and it can't complete any more", async () => {
    const hasty = createEngine({ lockSeconds: 1 });
    const late = Promise.withResolvers<void>();
    const outcome = Promise.withResolvers<unknown>();
    const answer = hasty.run(requestOf(), async (run) => {
      await late.promise;
      return book(run).catch((error: unknown) => {
        outcome.resolve(error);
        throw error;
      });
    });
    await assert.rejects(answer, withCode("dependency_unavailable"));
    late.resolve();
    assert.ok((await outcome.promise) instanceof Error);
    assert.equal(await effects(), 0);
    await eventually(async () => (await store.redis.keys("idempotency:lock:*")).length === 0);
  });

  it("answers 503 without a run while Redis is away", async () => {
    const redis = createRedis({ url: DEAD_REDIS, logger: silentLogger });
    const broken = createEngine({ redis });
    await assert.rejects(broken.run(requestOf(), book), withCode("dependency_unavailable"));
    redis.disconnect();
    assert.equal(await effects(), 0);
  });

  it("answers 503 without a run while the database is away, and lets the key go", async () => {
    const pool = createPool({ url: DEAD_DATABASE, size: 1, logger: silentLogger });
    const broken = createEngine({ pool });
    await assert.rejects(broken.run(requestOf(), book), withCode("dependency_unavailable"));
    await pool.end();
    assert.equal(await effects(), 0);
    assert.deepEqual(await store.redis.keys("idempotency:lock:*"), []);
  });

  it("forgets a key after its time, swept or not", async () => {
    await engine.run(requestOf(), book);
    await store.redis.flushdb();
    await database.pool.query(
      "UPDATE idempotency_keys SET created_at = now() - interval '25 hours'",
    );
    const reply = await engine.run(requestOf(), book);
    assert.equal(reply.headers?.["Idempotent-Replayed"], undefined);
    assert.equal(await effects(), 2);
    await database.pool.query(
      "UPDATE idempotency_keys SET created_at = now() - interval '25 hours'",
    );
    const swept = await sweepIdempotencyKeys({ pool: database.pool, ttlSeconds: 86_400 });
    assert.equal(swept, 1);
  });
});
