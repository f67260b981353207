import assert from "node:assert/strict";
import fc from "fast-check";
import { classifyOutcome } from "../../src/domain/classify-outcome.ts";
import { takeFromWindow, type WindowCount } from "../../src/domain/sliding-window.ts";

const empty = (): WindowCount => ({ second: 0, current: 0, previous: 0 });

describe("the sliding window", () => {
  it("grants the limit at once and no more", () => {
    const grant = takeFromWindow(empty(), 10, 25, 5_000);
    assert.deepEqual(grant, { granted: 10, remaining: 0, retryMs: 1_100 });
  });

  it("has forgotten everything two seconds later", () => {
    const count = empty();
    takeFromWindow(count, 10, 10, 5_999);
    assert.equal(takeFromWindow(count, 10, 10, 7_000).granted, 10);
  });

  it("does not let twice the limit through at the border of two seconds", () => {
    const count = empty();
    takeFromWindow(count, 10, 10, 5_999);
    assert.equal(takeFromWindow(count, 10, 10, 6_000).granted, 0);
    assert.equal(takeFromWindow(count, 10, 10, 6_500).granted, 5);
  });

  it("grants one more exactly when it said so", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.record({ afterMs: fc.nat(900), asked: fc.integer({ min: 1, max: 60 }) }), {
          minLength: 1,
          maxLength: 20,
        }),
        (limit, steps) => {
          const count = empty();
          let nowMs = 1_000_000;
          let last = { granted: 0, remaining: 1, retryMs: 0 };
          for (const { afterMs, asked } of steps) {
            nowMs += afterMs;
            last = takeFromWindow(count, limit, asked, nowMs);
          }
          if (last.remaining > 0) return;
          const early = takeFromWindow({ ...count }, limit, 1, nowMs + last.retryMs - 1);
          const due = takeFromWindow({ ...count }, limit, 1, nowMs + last.retryMs);
          assert.deepEqual([early.granted, due.granted], [0, 1]);
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
