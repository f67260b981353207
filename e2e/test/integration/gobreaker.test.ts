import assert from "node:assert/strict";
import fc from "fast-check";
import { playCircuit, type Mutation } from "../../breaker/play-circuit.ts";
import { scheduleArbitrary } from "../../breaker/schedule.ts";
import { startGobreaker, type Gobreaker } from "../../breaker/start-gobreaker.ts";

/** Some seconds; `JATRA_SCHEDULES=200000` looks longer. */
const SCHEDULES = Number(process.env["JATRA_SCHEDULES"] ?? 5_000);

describe("the gateway's circuit beside sony/gobreaker", function () {
  // The first time, Go fetches and builds it.
  this.timeout(Math.max(300_000, SCHEDULES * 20));
  let gobreaker: Gobreaker;
  before(async () => {
    gobreaker = await startGobreaker();
  });
  after(() => gobreaker.stop());

  const agrees = (mutation?: Mutation) =>
    fc.asyncProperty(scheduleArbitrary, async (schedule) => {
      assert.deepEqual(playCircuit(schedule, mutation), await gobreaker.play(schedule));
    });

  it(`admits, opens, probes and closes the same in ${SCHEDULES} random schedules`, async () => {
    const reached = { opened: 0, probed: 0, closedAgain: 0, probeTimedOut: 0 };
    const property = fc.asyncProperty(scheduleArbitrary, async (schedule) => {
      const seen = playCircuit(schedule);
      assert.deepEqual(seen, await gobreaker.play(schedule));
      const changes = seen.map(({ state }, index) => `${seen[index - 1]?.state}>${state}`);
      const isPass = (index: number): boolean => schedule.steps[index]?.do === "pass";
      if (changes.includes("closed>open")) reached.opened += 1;
      if (changes.includes("open>half-open")) reached.probed += 1;
      if (changes.includes("half-open>closed")) reached.closedAgain += 1;
      if (changes.some((change, index) => change === "half-open>open" && isPass(index))) {
        reached.probeTimedOut += 1;
      }
    });
    await fc.assert(property, { numRuns: SCHEDULES });
    // Agreement over schedules in which nothing happens would be worth nothing.
    for (const [what, count] of Object.entries(reached)) {
      assert.ok(count > SCHEDULES / 10, `${what} in ${count} of ${SCHEDULES} schedules`);
    }
  });

  const mutations: Readonly<Record<string, Mutation>> = {
    "counts failures for its whole life": {
      settings: (settings) => ({ ...settings, windowMs: Number.MAX_SAFE_INTEGER }),
    },
    "remembers a failure a millisecond too long": {
      settings: (settings) => ({ ...settings, windowMs: settings.windowMs + 1 }),
    },
    "opens one failure late": {
      settings: (settings) => ({ ...settings, failureThreshold: settings.failureThreshold + 1 }),
    },
    "stays open a millisecond too long": {
      settings: (settings) => ({ ...settings, openMs: settings.openMs + 1 }),
    },
    "waits a millisecond too long for its probe": {
      settings: (settings) => ({
        ...settings,
        halfOpenTimeoutMs: settings.halfOpenTimeoutMs + 1,
      }),
    },
    "lets results from before a change count": { settlesLast: true },
  };
  for (const [what, mutation] of Object.entries(mutations)) {
    it(`would be told apart if it ${what}`, async () => {
      const found = await fc.check(agrees(mutation), { numRuns: SCHEDULES, endOnFailure: true });
      assert.equal(found.failed, true, "no schedule showed the difference");
    });
  }
});
