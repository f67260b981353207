import assert from "node:assert/strict";
import { createPool } from "@jatra/common/database/pool.ts";
import { createRedis } from "@jatra/common/redis/client.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { createWorld, requestOf, withCode, type World } from "./idempotency-world.ts";

/** Nothing listens on port 1. */
const DEAD_REDIS = "redis://127.0.0.1:1/0";
const DEAD_DATABASE = "postgres://nobody@127.0.0.1:1/nothing";

describe("idempotency engine without a store", () => {
  let world: World;

  before(async () => {
    world = await createWorld();
  });
  beforeEach(async () => world.clear());
  after(async () => world.drop());

  it("answers 503 without a run while Redis is away", async () => {
    const redis = createRedis({ url: DEAD_REDIS, logger: silentLogger });
    const broken = world.createEngine({ redis });
    await assert.rejects(broken.run(requestOf(), world.book), withCode("dependency_unavailable"));
    redis.disconnect();
    assert.equal(await world.effects(), 0);
  });

  it("answers 503 without a run while the database is away, and lets the key go", async () => {
    const pool = createPool({ url: DEAD_DATABASE, size: 1, logger: silentLogger });
    const broken = world.createEngine({ pool });
    await assert.rejects(broken.run(requestOf(), world.book), withCode("dependency_unavailable"));
    await pool.end();
    assert.equal(await world.effects(), 0);
    assert.deepEqual(await world.redis.keys("idempotency:lock:*"), []);
  });
});
