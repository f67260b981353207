import assert from "node:assert/strict";
import { mock } from "node:test";
import fc from "fast-check";
import { REFUSED } from "../../src/domain/circuit.ts";
import type { Outcome } from "../../src/domain/classify-outcome.ts";
import type { SharedWord } from "../../src/domain/shared-word.ts";
import { ModelCircuit } from "./model-circuit.ts";
import { createReal, settings } from "./real-circuit.ts";

describe("circuits of several pods", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 }));
  afterEach(() => mock.timers.reset());

  const outcome = fc.constantFrom<Outcome>("success", "failure", "failure", "neither");

  it("are one circuit when they hear at once: no failure is lost or counted twice", () => {
    const act = fc.record({
      pod: fc.nat(3),
      outcome,
      ms: fc.constantFrom(0, 0, 0, 1, 9_999, 10_000, 29_999, 30_000),
    });
    const reached = { opened: 0, closedAgain: 0 };
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 4 }),
        fc.array(act, { minLength: 10, maxLength: 80 }),
        (count, acts) => {
          mock.timers.reset();
          mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
          const pods = Array.from({ length: count }, createReal);
          const model = new ModelCircuit(settings);
          for (const { pod, outcome: result, ms } of acts) {
            mock.timers.tick(ms);
            model.pass(ms);
            const before = model.view().phase;
            const circuit = pods[pod % count]?.circuit;
            const permit = circuit?.admit() ?? REFUSED;
            const call = model.begin();
            assert.equal(permit === REFUSED, call === undefined, "admission");
            if (call !== undefined) {
              circuit?.settle(permit, result);
              model.end(call, result);
            }
            deliverAll(pods);
            for (const each of pods) {
              const { phase, failures, version } = each.circuit.view();
              assert.deepEqual({ phase, failures, version }, model.view());
            }
            const after = model.view().phase;
            if (before === "closed" && after === "open") reached.opened += 1;
            if (before === "half_open" && after === "closed") reached.closedAgain += 1;
          }
        },
      ),
      { numRuns: 1_000 },
    );
    assert.ok(reached.opened > 100 && reached.closedAgain > 100, JSON.stringify(reached));
  }).timeout(60_000);

  it("agree in whatever order their words arrive", () => {
    const pods = fc.integer({ min: 2, max: 4 });
    const act = fc.record({ pod: fc.nat(3), outcome, ms: fc.constantFrom(0, 0, 1, 30_000) });
    fc.assert(
      fc.property(
        pods,
        fc.array(act, { maxLength: 60 }),
        fc.infiniteStream(fc.nat(100)),
        (count, acts, picks) => {
          mock.timers.reset();
          mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
          const all = Array.from({ length: count }, createReal);
          const mail: { to: number; word: SharedWord }[] = [];
          const post = (): void => {
            all.forEach(({ told }, from) => {
              for (const word of told.splice(0)) {
                all.forEach((_, to) => to !== from && mail.push({ to, word }));
              }
            });
          };
          const deliverOne = (): void => {
            const at = (picks.next().value ?? 0) % Math.max(1, mail.length);
            const [letter] = mail.splice(at, 1);
            if (!letter) return;
            const answer = all[letter.to]?.circuit.hear(letter.word);
            if (answer) all.forEach((_, to) => to !== letter.to && mail.push({ to, word: answer }));
            post();
          };
          for (const { pod, outcome: result, ms } of acts) {
            if (ms > 0) mock.timers.tick(ms);
            const circuit = all[pod % count]?.circuit;
            const permit = circuit?.admit() ?? REFUSED;
            if (permit !== REFUSED) circuit?.settle(permit, result);
            post();
            if ((picks.next().value ?? 0) % 2 === 0) deliverOne();
          }
          for (let i = 0; mail.length > 0; i += 1) {
            assert.ok(i < 10_000, "the pods never come to rest");
            deliverOne();
          }
          const views = all.map(({ circuit }) => circuit.view());
          assert.equal(new Set(views.map((view) => view.version)).size, 1);
          assert.equal(new Set(views.map((view) => view.phase === "closed")).size, 1);
        },
      ),
      { numRuns: 1_000 },
    );
  }).timeout(60_000);
});

/** Every word to every other pod, in the order in which they were said. */
const deliverAll = (pods: readonly ReturnType<typeof createReal>[]): void => {
  for (;;) {
    const said = pods.flatMap(({ told }, from) => told.splice(0).map((word) => ({ from, word })));
    if (said.length === 0) return;
    for (const { from, word } of said) {
      pods.forEach(({ circuit }, to) => to !== from && circuit.hear(word));
    }
  }
};
