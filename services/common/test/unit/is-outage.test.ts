import assert from "node:assert/strict";
import { isOutage } from "@jatra/common/errors/is-outage.ts";
import { createPool } from "@jatra/common/database/pool.ts";
import { createRedis } from "@jatra/common/redis/client.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";

describe("telling an outage from a fault", () => {
  const coded = (code: string): Error => Object.assign(new Error("x"), { code });

  it("knows lost connections and PostgreSQL's classes of trouble", () => {
    const outages = ["ECONNREFUSED", "ETIMEDOUT", "08006", "53300", "57P01"].map(coded);
    assert.deepEqual(
      outages.map(isOutage),
      outages.map(() => true),
    );
  });

  it("takes constraint violations, type errors and non-errors for faults", () => {
    const faults: unknown[] = [coded("23505"), coded("40P01"), new TypeError("x"), "x", undefined];
    assert.deepEqual(
      faults.map(isOutage),
      faults.map(() => false),
    );
  });

  it("knows what the drivers themselves throw when nobody answers", async () => {
    const pool = createPool({
      url: "postgres://nobody@127.0.0.1:1/nothing",
      size: 1,
      logger: silentLogger,
    });
    const redis = createRedis({ url: "redis://127.0.0.1:1", logger: silentLogger });
    const cluster = createRedis({ url: "redis://127.0.0.1:1/?cluster=true", logger: silentLogger });
    const errors = await Promise.all([
      pool.query("SELECT 1").catch((error: unknown) => error),
      redis.get("x").catch((error: unknown) => error),
      cluster.get("x").catch((error: unknown) => error),
    ]);
    redis.disconnect();
    cluster.disconnect();
    await pool.end();
    assert.deepEqual(errors.map(isOutage), [true, true, true]);
  });
});
