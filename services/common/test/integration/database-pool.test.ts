import assert from "node:assert/strict";
import { startTestProxy } from "@jatra/testing/test-proxy.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { testStores } from "@jatra/testing/stores.ts";
import { inTransaction } from "../../src/database/in-transaction.ts";
import { createPool } from "../../src/database/pool.ts";
import { createServicePool } from "../../src/database/service-pool.ts";
import { createMetrics } from "../../src/metrics/metrics.ts";

describe("a pool whose database goes away", () => {
  it("outlives a connection that breaks between two statements of a transaction", async () => {
    const proxy = await startTestProxy((await testStores()).postgresUrl);
    const pool = createPool({ url: proxy.url, size: 1, logger: silentLogger });
    try {
      const work = inTransaction(pool, async (transaction) => {
        await transaction.query("SELECT 1");
        // Nobody waits for a statement now: without a listener of its own the broken client would end this process.
        await proxy.cut();
        await new Promise((resolve) => setImmediate(resolve));
        await transaction.query("SELECT 2");
      });
      await assert.rejects(work);
      await proxy.restore();
      const { rows } = await eventually(() => pool.query<{ one: number }>("SELECT 1 AS one"));
      assert.deepEqual(rows, [{ one: 1 }]);
    } finally {
      await pool.end();
      await proxy.close();
    }
  });
});

describe("a transaction", () => {
  it("refuses what a straggler would send after its end, since that would commit by itself", async () => {
    const { postgresUrl } = await testStores();
    const pool = createPool({ url: postgresUrl, size: 1, logger: silentLogger });
    const failed = Promise.withResolvers<never>();
    let straggler: Promise<unknown> | undefined;
    try {
      const work = inTransaction(pool, async (transaction) => {
        straggler = transaction
          .query("SELECT 1")
          .then(() => failed.promise)
          .catch(() => transaction.query("SELECT set_config('jatra.straggler', 'came', false)"));
        await Promise.all([straggler, Promise.reject(new Error("the other one"))]);
      });
      await assert.rejects(work, /the other one/);
      failed.reject(new Error("at last"));
      await assert.rejects(async () => straggler, /after the end of its transaction/);
      const setting = "SELECT current_setting('jatra.straggler', true) AS came";
      const { rows } = await pool.query<{ came: string | null }>(setting);
      assert.deepEqual(rows, [{ came: null }]);
    } finally {
      await pool.end();
    }
  });
});

describe("the pool of a service", () => {
  it("tells who has a connection, who waits for one, and how many there may be", async () => {
    const { postgresUrl } = await testStores();
    const metrics = createMetrics("test");
    const settings = { DATABASE_URL: postgresUrl, DATABASE_POOL_SIZE: 1 };
    const pool = createServicePool(settings, { logger: silentLogger, metrics });
    const figures = async () => {
      const text = await metrics.registry.metrics();
      return [...text.matchAll(/^database_pool_connections.*$/gm)].map(([line]) => line);
    };
    try {
      const first = await pool.connect();
      const second = pool.connect();
      assert.deepEqual(await figures(), [
        'database_pool_connections_max{service="test"} 1',
        'database_pool_connections{state="busy",service="test"} 1',
        'database_pool_connections{state="idle",service="test"} 0',
        'database_pool_connections{state="waiting",service="test"} 1',
      ]);
      first.release();
      (await second).release();
      const [, busy, idle] = await figures();
      assert.equal(busy, 'database_pool_connections{state="busy",service="test"} 0');
      assert.equal(idle, 'database_pool_connections{state="idle",service="test"} 1');
    } finally {
      await pool.end();
    }
  });
});
