import assert from "node:assert/strict";
import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { accepted, type Reply } from "@jatra/common/http/reply.ts";
import { countUnlikeReplies } from "@jatra/common/idempotency/count-unlike-replies.ts";
import type { IdempotencyEngine } from "@jatra/common/idempotency/idempotency-engine.ts";
import type { IdempotentRun } from "@jatra/common/idempotency/idempotent-run.ts";
import { sweepIdempotencyKeys } from "@jatra/common/idempotency/sweep-idempotency-keys.ts";
import { bytesOf, createWorld, requestOf, withCode, type World } from "./idempotency-world.ts";

describe("idempotency engine", () => {
  let world: World;
  let engine: IdempotencyEngine;

  before(async () => {
    world = await createWorld();
    engine = world.createEngine();
  });
  beforeEach(async () => world.clear());
  after(async () => world.drop());

  it("answers a repeat with the same status, headers and bytes, without a second run", async () => {
    const first = await engine.run(requestOf(), world.book);
    const second = await engine.run(requestOf(), world.book);
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
    assert.equal(await world.effects(), 1);
  });

  it("replays from the row when Redis has forgotten everything", async () => {
    const first = await engine.run(requestOf(), world.book);
    await world.redis.flushdb();
    const second = await engine.run(requestOf(), world.book);
    assert.equal(bytesOf(second), bytesOf(first));
    assert.equal(await world.effects(), 1);
  });

  it("keeps the reply under the guide's name, readable, with its scope", async () => {
    const first = await engine.run(requestOf(), world.book);
    const text = await world.redis.get("idempotency:client:key-1");
    assert.deepEqual(JSON.parse(text ?? ""), {
      scope: { userId: "user-1", operation: "createBooking" },
      fingerprint: "fingerprint-1",
      status: 202,
      headers: { Location: "/api/bookings/b-1" },
      body: bytesOf(first),
    });
    const ttl = await world.redis.ttl("idempotency:client:key-1");
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
    for (const request of requests) first.push(bytesOf(await engine.run(request, world.book)));
    const second = [];
    for (const request of requests) second.push(bytesOf(await engine.run(request, world.book)));
    assert.deepEqual(second, first);
    assert.equal(new Set(first).size, 4);
    assert.equal(await world.effects(), 4);
  });

  it("refuses the same key with another body, whether cached or not", async () => {
    await engine.run(requestOf(), world.book);
    const other = requestOf({ fingerprint: "fingerprint-2" });
    await assert.rejects(engine.run(other, world.book), withCode("idempotency_key_reused"));
    await world.redis.flushdb();
    await assert.rejects(engine.run(other, world.book), withCode("idempotency_key_reused"));
    assert.equal(await world.effects(), 1);
  });

  it("stores nothing for a run that threw, and runs the next one", async () => {
    const refuse = async (): Promise<Reply> => {
      throw new Problem("price_changed");
    };
    await assert.rejects(engine.run(requestOf(), refuse), withCode("price_changed"));
    assert.deepEqual(await world.redis.keys("*"), []);
    const reply = await engine.run(requestOf({ fingerprint: "corrected" }), world.book);
    assert.equal(reply.status, 202);
    assert.equal(await world.effects(), 1);
  });

  it("leaves neither row nor effect when the transaction fails after complete", async () => {
    const failing = async (run: IdempotentRun): Promise<Reply> =>
      inTransaction(world.pool, async (transaction) => {
        await run.complete(transaction, accepted("/x", {}));
        throw new Error("lost");
      });
    await assert.rejects(engine.run(requestOf(), failing), /lost/);
    const { rows } = await world.pool.query("SELECT * FROM idempotency_keys");
    assert.deepEqual(rows, []);
    await engine.run(requestOf(), world.book);
    assert.equal(await world.effects(), 1);
  });

  it("answers with the committed reply when the commit's own answer was lost", async () => {
    const reply = await engine.run(requestOf(), async (run) => {
      await world.book(run);
      throw new Error("Connection terminated unexpectedly");
    });
    assert.equal(reply.status, 202);
    assert.equal(await world.effects(), 1);
  });

  it("stores the reply of a handler that had no transaction", async () => {
    let runs = 0;
    const handle = async (): Promise<Reply> => accepted("/x", { runs: (runs += 1) });
    const first = await engine.run(requestOf(), handle);
    const second = await engine.run(requestOf(), handle);
    assert.equal(bytesOf(second), bytesOf(first));
    assert.equal(runs, 1);
  });

  it("counts answers that the cache would tell otherwise than the row", async () => {
    await engine.run(requestOf(), world.book);
    await engine.run(requestOf({ key: "key-2" }), world.book);
    assert.equal(await countUnlikeReplies(world), 0);
    const name = "idempotency:client:key-2";
    const cached = (await world.redis.get(name)) ?? "";
    await world.redis.set(name, cached.replace('"status":202', '"status":201'));
    assert.equal(await countUnlikeReplies(world), 1);
    await world.redis.del(name);
    assert.equal(await countUnlikeReplies(world), 0, "what has left the cache is told by the row");
  });

  it("forgets a key after its time, swept or not", async () => {
    await engine.run(requestOf(), world.book);
    await world.redis.flushdb();
    await world.pool.query("UPDATE idempotency_keys SET created_at = now() - interval '25 hours'");
    const reply = await engine.run(requestOf(), world.book);
    assert.equal(reply.headers?.["Idempotent-Replayed"], undefined);
    assert.equal(await world.effects(), 2);
    await world.pool.query("UPDATE idempotency_keys SET created_at = now() - interval '25 hours'");
    const swept = await sweepIdempotencyKeys({ pool: world.pool, ttlSeconds: 86_400 });
    assert.equal(swept, 1);
  });
});
