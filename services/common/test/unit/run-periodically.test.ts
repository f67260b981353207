import assert from "node:assert/strict";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import { runPeriodically } from "@jatra/common/service/run-periodically.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";

describe("background work", () => {
  const start = (run: () => Promise<number | void>, everyMs = 5) => {
    const metrics = createMetrics("test");
    const periodic = runPeriodically({
      name: "sweep",
      everyMs,
      run,
      logger: silentLogger,
      metrics,
    });
    return { ...periodic, text: async () => metrics.registry.metrics() };
  };

  it("runs again and again, and counts what it repaired", async () => {
    let runs = 0;
    const work = start(async () => {
      runs += 1;
      return 2;
    });
    await eventually(() => runs >= 3);
    await work.stop();
    const repairs = new RegExp(
      `periodic_repairs_total\\{name="sweep",service="test"\\} ${runs * 2}`,
    );
    assert.match(await work.text(), repairs);
  });

  it("goes on after a run that failed, and counts it", async () => {
    let runs = 0;
    const work = start(async () => {
      runs += 1;
      if (runs === 1) throw new Error("once");
    });
    await eventually(() => runs >= 2);
    await work.stop();
    assert.match(await work.text(), /periodic_runs_total\{name="sweep",outcome="failed",.*\} 1/);
  });

  it("never runs two at a time, and once more when woken meanwhile", async () => {
    let running = 0;
    let most = 0;
    let runs = 0;
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const work = start(async () => {
      running += 1;
      most = Math.max(most, running);
      await gates[runs]?.promise;
      runs += 1;
      running -= 1;
    }, 60_000);
    work.wake();
    work.wake();
    work.wake();
    for (const gate of gates) gate.resolve();
    await eventually(() => runs === 2);
    await work.stop();
    assert.deepEqual([runs, most], [2, 1]);
  });

  it("waits for the run under way when stopped, and runs no more", async () => {
    const gate = Promise.withResolvers<void>();
    let ended = false;
    const work = start(async () => {
      await gate.promise;
      ended = true;
    });
    work.wake();
    const stopped = work.stop();
    gate.resolve();
    await stopped;
    assert.equal(ended, true);
  });
});
