import assert from "node:assert/strict";
import fc from "fast-check";
import { classifyOutcome } from "../../src/domain/classify-outcome.ts";
import {
  emptyWindow,
  takeTogether,
  type Quota,
  type WindowCount,
} from "../../src/domain/sliding-window.ts";

const second = (limit: number): Quota => ({ limit, windowMs: 1_000 });
/** How many of `asked` requests are granted, one after the other. */
const take = (count: WindowCount, quota: Quota, asked: number, nowMs: number): number =>
  Array.from({ length: asked }, () => takeTogether([{ count, quota }], nowMs)).filter(
    ({ allowed }) => allowed,
  ).length;

describe("the sliding window", () => {
  it("grants the limit at once and no more, and says when there is more", () => {
    const count = emptyWindow();
    assert.equal(take(count, second(10), 25, 5_000), 10);
    assert.deepEqual(takeTogether([{ count, quota: second(10) }], 5_000), {
      allowed: false,
      standings: [{ remaining: 0, retryMs: 1_100 }],
    });
  });

  it("has forgotten everything two windows later", () => {
    const count = emptyWindow();
    take(count, second(10), 10, 5_999);
    assert.equal(take(count, second(10), 11, 7_000), 10);
    const minute = { limit: 10, windowMs: 60_000 };
    const other = emptyWindow();
    take(other, minute, 10, 59_999);
    assert.equal(
      take(other, minute, 11, 119_999),
      9,
      "one of the last minute's ten is still in it",
    );
    assert.equal(take(other, minute, 11, 240_000), 10);
  });

  it("does not let twice the limit through at the border of two windows", () => {
    const count = emptyWindow();
    take(count, second(10), 10, 5_999);
    assert.equal(take(count, second(10), 10, 6_000), 0);
    assert.equal(take(count, second(10), 10, 6_500), 5);
  });

  it("takes nothing of one limit where another refuses", () => {
    const [wide, narrow] = [emptyWindow(), emptyWindow()];
    const windows = [
      { count: wide, quota: second(10) },
      { count: narrow, quota: second(2) },
    ];
    const allowed = Array.from({ length: 5 }, () => takeTogether(windows, 5_000).allowed);
    assert.deepEqual(allowed, [true, true, false, false, false]);
    assert.equal(take(wide, second(10), 20, 5_000), 8);
  });

  it("grants one more exactly when it said so", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.constantFrom(1_000, 3_000, 60_000),
        fc.array(fc.record({ afterMs: fc.nat(900), asked: fc.integer({ min: 1, max: 60 }) }), {
          minLength: 1,
          maxLength: 20,
        }),
        (limit, windowMs, steps) => {
          const quota = { limit, windowMs };
          const count = emptyWindow();
          let nowMs = 1_000_000;
          let retryMs = 0;
          for (const { afterMs, asked } of steps) {
            nowMs += afterMs;
            for (let i = 0; i < asked; i += 1) {
              retryMs = takeTogether([{ count, quota }], nowMs).standings[0]?.retryMs ?? 0;
            }
          }
          if (retryMs === 0) return;
          const early = take({ ...count }, quota, 1, nowMs + retryMs - 1);
          const due = take({ ...count }, quota, 1, nowMs + retryMs);
          assert.deepEqual([early, due], [0, 1]);
        },
      ),
      { numRuns: 3_000 },
    );
  });
});

describe("the outcome of a call", () => {
  it("is a failure for 5xx, timeouts and no connection; a success below; neither for 429 and lost clients", () => {
    const answered = (status: number) => classifyOutcome({ kind: "answered", status });
    assert.deepEqual([200, 204, 302, 400, 404, 409, 423].map(answered), Array(7).fill("success"));
    assert.deepEqual([500, 501, 502, 503, 504].map(answered), Array(5).fill("failure"));
    assert.equal(answered(429), "neither");
    assert.equal(classifyOutcome({ kind: "unreachable" }), "failure");
    assert.equal(classifyOutcome({ kind: "timed_out" }), "failure");
    assert.equal(classifyOutcome({ kind: "client_gone" }), "neither");
  });
});
