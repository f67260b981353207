import assert from "node:assert/strict";
import { closedLoop } from "../../bench/load/closed-loop.ts";
import { median, summarize } from "../../bench/load/latencies.ts";
import { openLoop } from "../../bench/load/open-loop.ts";
import { figure, printTable } from "../../bench/report/print-table.ts";
import { ratioTo, type Row } from "../../bench/row.ts";
import { isFlat } from "../../bench/load/is-flat.ts";
import { slopePerSecond } from "../../bench/load/slope.ts";

const row: Row = {
  id: "B9",
  what: "things",
  value: 50,
  unit: "things/s",
  against: [{ name: "rival", value: 100 }],
  ratio: 0.5,
  goal: "≥ 1 × the rival",
  met: false,
  notes: ["settings"],
};

describe("bench", () => {
  it("compares with the strongest rival, whichever way is better", () => {
    const against = [
      { name: "slow", value: 10 },
      { name: "fast", value: 40 },
    ];
    assert.equal(ratioTo(20, against, "more"), 0.5);
    assert.equal(ratioTo(20, against, "less"), 2);
    assert.equal(ratioTo(20, [], "more"), null);
  });

  it("answers percentiles that were really measured", () => {
    const times = Array.from({ length: 100 }, (_, index) => 100 - index);
    assert.deepEqual(summarize(times), { count: 100, p50: 50, p95: 95, p99: 99, max: 100 });
    assert.equal(median([3, 1, 2]), 2);
  });

  it("keeps rows that fall short in the table", () => {
    const table = printTable([row]);
    assert.match(table, /^SHORT B9/);
    assert.match(table, /100 things\/s {2}rival/);
    assert.match(table, /ratio 0\.50; goal: ≥ 1 × the rival/);
    assert.equal(figure(26_458), "26,458");
  });

  it("counts what ended within the window only", async () => {
    let ended = 0;
    const result = await closedLoop({
      inFlight: 4,
      durationMs: 60,
      warmUpMs: 20,
      work: () => new Promise((resolve) => setTimeout(() => resolve(ended++), 5)),
    });
    assert.ok(result.done > 0 && result.done < ended, `${result.done} of ${ended}`);
    assert.equal(result.perSecond, result.done / 0.06);
  });

  it("begins work at its rate however slow it is, and counts a late start as waiting", async () => {
    const result = await openLoop({
      ratePerSecond: 500,
      durationMs: 200,
      work: async (index) => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        if (index === 0) throw new Error("the first one failed");
      },
    });
    assert.ok(result.begun > 40 && result.begun < 200, `${result.begun} begun`);
    assert.deepEqual([result.failed, result.firstFailure], [1, "Error: the first one failed"]);
    assert.ok(result.latencies.p50 >= 299);
  });

  it("finds what grows by a hundred bytes a second below a sawtooth of a thousand", () => {
    const sawtooth = (second: number): number => 50_000 + (second % 7) * 150;
    const samples = (leak: number) =>
      Array.from({ length: 490 }, (_, second) => ({
        atMs: 7_000 + second * 1_000,
        value: sawtooth(second) + leak * second,
      }));
    assert.ok(Math.abs(slopePerSecond(samples(0))) < 0.1);
    assert.ok(Math.abs(slopePerSecond(samples(100)) - 100) < 0.1);
  });

  it("tells a growing backlog from one that swings", () => {
    const growing = Array.from({ length: 50 }, (_, second) => second * 20);
    const swinging = Array.from({ length: 50 }, (_, second) => 100 + (second % 5) * 10);
    assert.equal(isFlat(growing, 100), false);
    assert.equal(isFlat(swinging, 100), true);
  });
});
