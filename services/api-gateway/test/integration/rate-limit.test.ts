import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRedis } from "@jatra/common/redis/client.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { createTestRedis, type TestRedis } from "@jatra/testing/test-redis.ts";
import fc from "fast-check";
import { takeFromWindow } from "../../src/domain/sliding-window.ts";
import { createRateLimiter } from "../../src/limit/rate-limiter.ts";
import { createRedisWindow } from "../../src/limit/redis-window.ts";
import { startFakeService, startGateway } from "../gateway-fixture.ts";

const lua = readFileSync(new URL("../../src/limit/rate-limit.lua", import.meta.url), "utf8");

describe("rate limits", () => {
  let redis: TestRedis;
  before(async () => {
    redis = await createTestRedis();
  });
  after(() => redis.drop());

  it("are computed in Redis exactly as by the model", async () => {
    const step = fc.record({ afterMs: fc.nat(1_700), asked: fc.integer({ min: 1, max: 12 }) });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.array(step), async (limit, steps) => {
        const key = `equal-${randomUUID()}`;
        const count = { second: 0, current: 0, previous: 0 };
        let nowMs = 1_800_000_000_000;
        for (const { afterMs, asked } of steps) {
          nowMs += afterMs;
          const answer = await redis.redis.eval(lua, 1, key, limit, asked, nowMs);
          const { granted, remaining, retryMs } = takeFromWindow(count, limit, asked, nowMs);
          assert.deepEqual(answer, [granted, remaining, retryMs]);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("hold over 20 pods, however the requests are spread", async () => {
    const prefix = `test-${randomUUID()}`;
    const limit = 50;
    const clients = Array.from({ length: 20 }, () =>
      createRedis({ url: redis.url, logger: silentLogger }),
    );
    await eventually(() => clients.every((client) => client.status === "ready"));
    const limiters = clients.map((client) =>
      createRateLimiter({
        window: createRedisWindow(client, prefix),
        requestsPerSecond: limit,
        logger: silentLogger,
      }),
    );
    const startedMs = Date.now();
    const answers = await Promise.all(
      Array.from({ length: 2_000 }, async (_, index) => limiters[index % 20]?.("10.0.0.1")),
    );
    const seconds = Math.ceil((Date.now() - startedMs) / 1000) + 1;
    const allowed = answers.filter((answer) => answer?.allowed).length;
    assert.ok(allowed >= limit && allowed <= limit * seconds, `${allowed} in ${seconds} s`);
    assert.ok((await limiters[0]?.("10.0.0.2"))?.allowed, "another address has its own limit");
    for (const client of clients) client.disconnect();
  });

  it("are kept by each pod alone while Redis is away or silent", async () => {
    for (const window of [
      () => Promise.reject(new Error("away")),
      () => new Promise<never>(() => undefined),
    ]) {
      // In one second, so that the count is exact.
      const nowMs = (): number => 1_800_000_000_000;
      const limiter = createRateLimiter({
        window,
        requestsPerSecond: 7,
        logger: silentLogger,
        nowMs,
      });
      const answers = await Promise.all(
        Array.from({ length: 20 }, async () => limiter("10.0.0.1")),
      );
      assert.equal(answers.filter((answer) => answer.allowed).length, 7);
    }
  });

  it("are told with the standard headers and a problem", async () => {
    const schedule = await startFakeService();
    const gateway = await startGateway({
      redisUrl: redis.url,
      prefix: `test-${randomUUID()}`,
      urls: { schedule: schedule.url },
      requestsPerSecond: 3,
    });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => gateway.request("GET", "/api/trains")),
    );
    const refused = answers.find((answer) => answer.status === 429);
    assert.equal(refused?.json()["code"], "rate_limited");
    assert.match(String(refused?.headers["retry-after"]), /^[12]$/);
    assert.equal(refused?.headers["ratelimit-policy"], '"address";q=3;w=1');
    assert.match(String(refused?.headers["ratelimit"]), /^"address";r=0;t=[12]$/);
    assert.ok(answers.some((answer) => answer.status === 200));
    const probes = await Promise.all(
      Array.from({ length: 20 }, () => gateway.request("GET", "/health")),
    );
    assert.ok(
      probes.every((answer) => answer.status === 200),
      "probes are never limited",
    );
    await gateway.stop();
    await schedule.close();
  });
});
