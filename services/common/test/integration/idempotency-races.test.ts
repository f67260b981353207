import assert from "node:assert/strict";
import { Problem } from "@jatra/common/http/problem.ts";
import type { Reply } from "@jatra/common/http/reply.ts";
import type { IdempotencyEngine } from "@jatra/common/idempotency/idempotency-engine.ts";
import type { IdempotentRun } from "@jatra/common/idempotency/idempotent-run.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { bytesOf, createWorld, requestOf, withCode, type World } from "./idempotency-world.ts";

describe("idempotency engine, two at a time", () => {
  let world: World;
  let engine: IdempotencyEngine;

  before(async () => {
    world = await createWorld();
    engine = world.createEngine();
  });
  beforeEach(async () => world.clear());
  after(async () => world.drop());

  /** Begins a run and holds it up before its work, until `finish`, which answers as the run does. */
  const holdUp = async (
    work: (run: IdempotentRun) => Promise<Reply>,
  ): Promise<{ readonly finish: () => Promise<Reply> }> => {
    const begun = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const running = engine.run(requestOf(), async (run) => {
      begun.resolve();
      await held.promise;
      return work(run);
    });
    await begun.promise;
    return {
      finish: () => {
        held.resolve();
        return running;
      },
    };
  };

  it("answers 409 with Retry-After while the first is in flight, then replays it", async () => {
    const first = await holdUp(world.book);
    await assert.rejects(
      engine.run(requestOf(), world.book),
      (error) =>
        withCode("idempotency_in_flight")(error) &&
        error instanceof Problem &&
        error.options.headers?.["Retry-After"] === "1",
    );
    const reply = await first.finish();
    assert.equal(bytesOf(await engine.run(requestOf(), world.book)), bytesOf(reply));
    assert.equal(await world.effects(), 1);
  });

  it("runs one of twenty simultaneous requests, and every 202 has its bytes", async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => engine.run(requestOf(), world.book)),
    );
    const bodies = results.flatMap((result) =>
      result.status === "fulfilled" ? [bytesOf(result.value)] : [],
    );
    assert.equal(new Set(bodies).size, 1);
    for (const result of results) {
      if (result.status === "rejected") assert.ok(withCode("idempotency_in_flight")(result.reason));
    }
    assert.equal(await world.effects(), 1);
  });

  it("still runs once when the lock is lost in between: the row stops the second", async () => {
    const slow = await holdUp(world.book);
    await world.redis.flushdb();
    const fast = await engine.run(requestOf(), world.book);
    const late = await slow.finish();
    assert.equal(bytesOf(late), bytesOf(fast));
    assert.equal(late.headers?.["Idempotent-Replayed"], "true");
    assert.equal(await world.effects(), 1);
  });

  it("runs twice without the row's key: the control of the test above", async () => {
    await world.pool.query("ALTER TABLE idempotency_keys DROP CONSTRAINT idempotency_keys_pkey");
    try {
      const slow = await holdUp(world.book);
      await world.redis.flushdb();
      await engine.run(requestOf(), world.book);
      await slow.finish();
      assert.equal(await world.effects(), 2);
    } finally {
      await world.clear();
      await world.pool.query(
        "ALTER TABLE idempotency_keys ADD PRIMARY KEY (user_id, operation, origin, key)",
      );
    }
  });

  it("does not release a successor's lock", async () => {
    const slow = await holdUp(async () => {
      throw new Problem("seat_unavailable");
    });
    const [lock] = await world.redis.keys("idempotency:lock:*");
    assert.ok(lock);
    await world.redis.set(lock, "successor");
    await assert.rejects(slow.finish(), withCode("seat_unavailable"));
    assert.equal(await world.redis.get(lock), "successor");
  });

  it("gives up a handler at its deadline with 503, and it can't complete any more", async () => {
    const hasty = world.createEngine({ lockSeconds: 1 });
    const late = Promise.withResolvers<void>();
    const outcome = Promise.withResolvers<unknown>();
    const answer = hasty.run(requestOf(), async (run) => {
      await late.promise;
      return world.book(run).catch((error: unknown) => {
        outcome.resolve(error);
        throw error;
      });
    });
    await assert.rejects(answer, withCode("dependency_unavailable"));
    late.resolve();
    assert.ok((await outcome.promise) instanceof Error);
    assert.equal(await world.effects(), 0);
    await eventually(async () => (await world.redis.keys("idempotency:lock:*")).length === 0);
  });
});
