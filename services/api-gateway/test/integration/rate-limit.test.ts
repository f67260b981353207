import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRedis } from "@jatra/common/redis/client.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { createTestRedis, type TestRedis } from "@jatra/testing/test-redis.ts";
import fc from "fast-check";
import type { RateClaim } from "../../src/domain/rate-policy.ts";
import { emptyWindow, takeTogether, type Quota } from "../../src/domain/sliding-window.ts";
import { createRateLimiter } from "../../src/limit/rate-limiter.ts";
import { createRedisWindows, grantsOf, questionOf } from "../../src/limit/redis-windows.ts";

const lua = readFileSync(new URL("../../src/limit/rate-limit.lua", import.meta.url), "utf8");

const claim = (key: string, quota: Quota): RateClaim => ({ policy: { name: key, quota }, key });
const perSecond = (limit: number): Quota => ({ limit, windowMs: 1_000 });

describe("rate limits", () => {
  let redis: TestRedis;
  before(async () => {
    redis = await createTestRedis();
  });
  after(() => redis.drop());

  it("are computed in Redis exactly as by the model", async () => {
    const quota = fc.record({
      limit: fc.integer({ min: 1, max: 12 }),
      windowMs: fc.constantFrom(1_000, 3_000, 60_000),
    });
    const request = fc.uniqueArray(fc.nat(2), { minLength: 1, maxLength: 3 });
    const step = fc.record({
      afterMs: fc.oneof(fc.nat(1_700), fc.nat(70_000)),
      requests: fc.array(request, { minLength: 1, maxLength: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.tuple(quota, quota, quota), fc.array(step), async (quotas, steps) => {
        const prefix = `equal-${randomUUID()}:`;
        const windows = quotas.map((each) => ({ quota: each, count: emptyWindow() }));
        let nowMs = 1_800_000_000_000;
        for (const { afterMs, requests } of steps) {
          nowMs += afterMs;
          const claims = requests.map((of) =>
            of.flatMap((at) => (quotas[at] ? [claim(String(at), quotas[at])] : [])),
          );
          const [keys = 0, ...rest] = questionOf(claims, prefix, nowMs);
          const answer = await redis.redis.eval(lua, Number(keys), ...rest);
          const expected = requests.map((of) =>
            takeTogether(
              of.flatMap((at) => windows[at] ?? []),
              nowMs,
            ),
          );
          assert.ok(Array.isArray(answer));
          assert.deepEqual(grantsOf(claims, answer.map(Number)), expected);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("hold over 20 pods, however the requests are spread", async () => {
    const prefix = `test-${randomUUID()}`;
    // A minute, so that no request ends up in a later window but at its very border.
    const everybody = claim("address:a", { limit: 700, windowMs: 60_000 });
    const users = ["u", "v", "w"].map((user) =>
      claim(`user:${user}`, { limit: 50, windowMs: 60_000 }),
    );
    await awayFromBorder(60_000);
    const clients = Array.from({ length: 20 }, () =>
      createRedis({ url: redis.url, logger: silentLogger }),
    );
    await eventually(() => clients.every((client) => client.status === "ready"));
    const limiters = clients.map((client) =>
      createRateLimiter({
        windows: createRedisWindows(client, prefix),
        logger: silentLogger,
        patienceMs: 10_000,
      }),
    );
    const send = async (count: number, claims: readonly RateClaim[]): Promise<number> => {
      const answers = await Promise.all(
        Array.from({ length: count }, async (_, index) => limiters[index % 20]?.(claims)),
      );
      return answers.filter((answer) => answer?.allowed).length;
    };
    const allowed = await Promise.all(users.map((user) => send(1_000, [everybody, user])));
    assert.deepEqual(allowed, [50, 50, 50], "each user has a share, on whatever pod");
    // Refused requests took nothing of the address: 700 - 150 are left.
    assert.equal(await send(2_000, [everybody]), 550);
    assert.equal(await send(100, [claim("address:b", perSecond(1_000))]), 100);
    for (const client of clients) client.disconnect();
  });

  it("asks Redis no more for a client that it has just refused", async () => {
    let questions = 0;
    const limiter = createRateLimiter({
      windows: async (requests) => {
        questions += 1;
        const standings = [{ remaining: 0, retryMs: 700 }];
        return requests.map(() => ({ allowed: false, standings }));
      },
      logger: silentLogger,
      nowMs: () => 1_800_000_000_000,
    });
    const flooder = [claim("address:a", perSecond(5))];
    for (let i = 0; i < 100; i += 1) assert.equal((await limiter(flooder)).allowed, false);
    assert.equal(questions, 1);
  });

  it("are kept by each pod alone while Redis is away or silent", async () => {
    for (const windows of [
      () => Promise.reject(new Error("away")),
      () => new Promise<never>(() => undefined),
    ]) {
      // In one second, so that the count is exact.
      const nowMs = (): number => 1_800_000_000_000;
      const limiter = createRateLimiter({ windows, logger: silentLogger, nowMs });
      const claims = [claim("address:a", perSecond(20)), claim("user:u", perSecond(7))];
      const answers = await Promise.all(Array.from({ length: 30 }, async () => limiter(claims)));
      assert.equal(answers.filter((answer) => answer.allowed).length, 7);
    }
  });

  it("are shared again as soon as Redis is back", async () => {
    let nowMs = 1_800_000_000_000;
    let isAway = true;
    let asked = 0;
    const limiter = createRateLimiter({
      windows: async (requests) => {
        asked += 1;
        if (isAway) throw new Error("away");
        return requests.map(() => ({ allowed: true, standings: [{ remaining: 3, retryMs: 0 }] }));
      },
      logger: silentLogger,
      nowMs: () => nowMs,
    });
    const claims = [claim("address:a", perSecond(100))];
    for (let i = 0; i < 10; i += 1) await limiter(claims);
    assert.equal(asked, 1, "Redis is left alone for a second");
    isAway = false;
    nowMs += 1_000;
    const verdict = await limiter(claims);
    assert.equal(asked, 2);
    assert.equal(verdict.standings[0]?.remaining, 3);
  });
});

/** Waits until the current window of `windowMs` has some seconds left. */
const awayFromBorder = async (windowMs: number): Promise<void> => {
  await eventually(() => Date.now() % windowMs < windowMs - 5_000, 6_000);
};
