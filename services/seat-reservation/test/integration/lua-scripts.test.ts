import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { eventually } from "@jatra/testing/eventually.ts";
import { createTestRedis, type TestRedis } from "@jatra/testing/test-redis.ts";
import fc from "fast-check";
import { createLuaScripts, type LuaScripts } from "../../src/locks/lua-scripts.ts";
import { journeyOf, journeySourceOf } from "../fixtures/journeys.ts";
import { createRedisCluster } from "../fixtures/redis-cluster.ts";

const SEATS = 4;
const LEGS = 3;
const journeyId = "test-journey";
const journeys = journeySourceOf(journeyOf({ seats: SEATS }));
const cellsOf = (seatIds: readonly string[], fromSeq: number, toSeq: number): string[] =>
  seatIds
    .toSorted()
    .flatMap((seatId) =>
      Array.from({ length: toSeq - fromSeq }, (_, leg) => `${seatId}:${fromSeq + leg}`),
    );

describe("the Lua scripts", () => {
  let redis: TestRedis;
  let scripts: LuaScripts;
  before(async () => {
    redis = await createTestRedis();
    scripts = createLuaScripts(redis.redis, journeys);
  });
  after(async () => redis.drop());
  beforeEach(async () => {
    await redis.redis.flushdb();
  });

  it("keep the guide's contract: lockedSeats, or failedSeat and nothing locked", async () => {
    const seatIds = ["seat-1", "seat-2", "seat-3"];
    const locked = await scripts.atomicLockSeats(journeyId, "anwar", seatIds, 600);
    assert.ok(locked.success);
    const { lockId, ...rest } = locked;
    assert.deepEqual(rest, { success: true, userId: "anwar", lockedSeats: seatIds });
    const other = await scripts.atomicLockSeats(journeyId, "selina", ["seat-4", "seat-2"], 600);
    assert.deepEqual(other, { success: false, failedSeat: "seat-2" });
    assert.equal((await redis.redis.keys("*")).length, 3 * LEGS);
    assert.equal(await redis.redis.get("seat:{test-journey}:seat-3:2"), lockId);
  });

  it("are one round trip each, and survive a server that forgot them", async () => {
    await scripts.atomicLockSeats(journeyId, "anwar", ["seat-1"], 600);
    const sendCommand = redis.redis.sendCommand.bind(redis.redis);
    const sent: string[] = [];
    redis.redis.sendCommand = (command, ...rest) => {
      sent.push(command.name);
      return sendCommand(command, ...rest);
    };
    await scripts.atomicLockSeats(journeyId, "anwar", ["seat-2"], 600);
    redis.redis.sendCommand = sendCommand;
    assert.deepEqual(sent, ["evalsha"]);
    await redis.redis.script("FLUSH");
    const locked = await scripts.atomicLockSeats(journeyId, "anwar", ["seat-3"], 600);
    assert.equal(locked.success, true);
  });

  it("do as a simple model does, whatever is asked in whatever order", async () => {
    const locks = Array.from({ length: 3 }, () => randomUUID());
    const seatIds = Array.from({ length: SEATS }, (_, index) => `seat-${index + 1}`);
    const request = fc.record({
      kind: fc.constantFrom("lock", "lock", "extend", "persist", "release", "lose"),
      lockId: fc.constantFrom(...locks),
      seatIds: fc.uniqueArray(fc.constantFrom(...seatIds), { minLength: 1, maxLength: SEATS }),
      fromSeq: fc.integer({ min: 0, max: LEGS - 1 }),
      legs: fc.integer({ min: 1, max: LEGS }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 25 }), async (requests) => {
        await redis.redis.flushdb();
        const model = new Map<string, string>();
        for (const { kind, lockId, legs, fromSeq, seatIds } of requests) {
          const toSeq = Math.min(LEGS, fromSeq + legs);
          const cells = cellsOf(seatIds, fromSeq, toSeq);
          const seats = { lockId, journeyId, seatIds, fromSeq, toSeq };
          const foreign = cells.find((cell) => (model.get(cell) ?? lockId) !== lockId);
          const failedSeat = foreign?.split(":")[0];
          if (kind === "lock") {
            const of = { lockId, stretch: seats };
            const answer = await scripts.atomicLockSeats(journeyId, "anwar", seatIds, 600, of);
            if (failedSeat === undefined) {
              assert.deepEqual(answer, {
                success: true,
                lockId,
                userId: "anwar",
                lockedSeats: seatIds,
              });
              for (const cell of cells) model.set(cell, lockId);
            } else assert.deepEqual(answer, { success: false, failedSeat });
          } else if (kind === "release") {
            const own = cells.filter((cell) => model.get(cell) === lockId);
            assert.equal(await scripts.atomicRelease(seats), own.length);
            for (const cell of own) model.delete(cell);
          } else if (kind === "lose") {
            await redis.redis.flushdb();
            model.clear();
          } else {
            const answer = await scripts.extendLock(seats, kind === "persist" ? 0 : 900_000);
            assert.equal(answer, failedSeat);
          }
          const keys = (await redis.redis.keys("*")).toSorted();
          const owners = keys.length === 0 ? [] : await redis.redis.mget(keys);
          const names = keys.map((key) => key.replace("seat:{test-journey}:", ""));
          const actual = new Map(names.map((cell, index) => [cell, owners[index]]));
          assert.deepEqual(actual, model);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("give markers exactly the end that was asked for, all of them or none", async () => {
    const seats = {
      lockId: randomUUID(),
      journeyId,
      seatIds: ["seat-1", "seat-2"],
      fromSeq: 0,
      toSeq: 1,
    };
    const keys = ["seat:{test-journey}:seat-1:0", "seat:{test-journey}:seat-2:0"] as const;
    const of = { lockId: seats.lockId, stretch: seats };
    await scripts.atomicLockSeats(journeyId, "anwar", seats.seatIds, 60, of);
    assert.equal(await scripts.extendLock(seats, 900_000), undefined);
    for (const key of keys) assert.ok((await redis.redis.pttl(key)) > 890_000);
    await redis.redis.set(keys[1], randomUUID());
    assert.equal(await scripts.extendLock(seats, 0), "seat-2");
    assert.ok((await redis.redis.pttl(keys[0])) > 890_000, "one was changed, the other wasn't");
    await redis.redis.del(keys[1]);
    assert.equal(await scripts.extendLock(seats, 0), undefined);
    assert.equal(await redis.redis.pttl(keys[0]), -1);
    assert.equal(await redis.redis.exists(keys[1]), 0, "a released marker came back");
  });
});

describe("the Lua scripts on a Redis Cluster of three nodes", function () {
  this.timeout(60_000);
  let redis: Awaited<ReturnType<typeof createRedisCluster>>;
  before(async () => {
    redis = await createRedisCluster();
  });
  after(async () => redis?.drop());

  it("find every node connected before the first command, or the second one would be refused", async () => {
    await eventually(() => redis.cluster.nodes().every(({ status }) => status === "ready"));
    const names = Array.from({ length: 100 }, (_, index) => `key-${index}`);
    const values = await Promise.all(names.map((name) => redis.cluster.get(name)));
    assert.deepEqual(new Set(values), new Set([null]));
  });

  it("lock, extend, restore and release every journey on its own node", async () => {
    const names = Array.from({ length: 12 }, (_, index) => `journey-${index}`);
    const scripts = createLuaScripts(
      redis.cluster,
      journeySourceOf(...names.map((name) => journeyOf({ journeyId: name }))),
    );
    for (const journeyId of names) {
      const seatIds = ["seat-1", "seat-2", "seat-3", "seat-4"];
      const locked = await scripts.atomicLockSeats(journeyId, "anwar", seatIds, 600);
      assert.ok(locked.success);
      const again = await scripts.atomicLockSeats(journeyId, "selina", ["seat-4"], 600);
      assert.deepEqual(again, { success: false, failedSeat: "seat-4" });
      const seats = { lockId: locked.lockId, journeyId, seatIds, fromSeq: 0, toSeq: LEGS };
      assert.equal(await scripts.extendLock(seats, 900_000), undefined);
      const marker = { journeyId, seatId: "seat-5", leg: 0, lockId: locked.lockId, ttlMs: 0 };
      assert.equal(await scripts.restoreMarkers([marker]), 1);
      assert.equal(await scripts.atomicRelease(seats), 4 * LEGS);
    }
    const sizes = await Promise.all(redis.cluster.nodes("master").map((node) => node.dbsize()));
    assert.equal(sizes.filter((size) => size > 0).length, 3, `keys on ${sizes.join(", ")}`);
  });
});
