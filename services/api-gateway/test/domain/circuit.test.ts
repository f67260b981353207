import assert from "node:assert/strict";
import { mock } from "node:test";
import fc from "fast-check";
import { REFUSED, type Circuit } from "../../src/domain/circuit.ts";
import type { Outcome } from "../../src/domain/classify-outcome.ts";
import type { SharedWord } from "../../src/domain/shared-word.ts";
import { ModelCircuit } from "./model-circuit.ts";
import { createReal, settings } from "./real-circuit.ts";

const phaseOf = (circuit: Circuit): string => circuit.view().phase;
const fail = (circuit: Circuit, times = 1): void => {
  for (let i = 0; i < times; i += 1) circuit.settle(circuit.admit(), "failure");
};

describe("a circuit", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 }));
  afterEach(() => mock.timers.reset());

  it("opens at the fifth failure within 30 seconds and fails fast", () => {
    const { circuit } = createReal();
    fail(circuit, 4);
    assert.equal(phaseOf(circuit), "closed");
    fail(circuit);
    assert.equal(phaseOf(circuit), "open");
    assert.equal(circuit.admit(), REFUSED);
    assert.equal(circuit.retryAfterSeconds(), 30);
  });

  it("forgets a failure after exactly 30 seconds: the window slides", () => {
    const { circuit } = createReal();
    fail(circuit);
    mock.timers.tick(29_999);
    fail(circuit, 3);
    mock.timers.tick(1);
    fail(circuit);
    assert.equal(phaseOf(circuit), "closed");
    fail(circuit);
    assert.equal(phaseOf(circuit), "open");
  });

  it("does not count successes away, nor as a percentage", () => {
    const { circuit } = createReal();
    for (let i = 0; i < 1_000; i += 1) circuit.settle(circuit.admit(), "success");
    fail(circuit, 4);
    for (let i = 0; i < 1_000; i += 1) circuit.settle(circuit.admit(), "success");
    fail(circuit);
    assert.equal(phaseOf(circuit), "open");
  });

  it("lets one probe through after 30 seconds, also under 1,000 concurrent calls", () => {
    const { circuit } = createReal();
    fail(circuit, 5);
    mock.timers.tick(30_000);
    assert.equal(phaseOf(circuit), "half_open");
    const permits = Array.from({ length: 1_000 }, () => circuit.admit());
    assert.equal(permits.filter((permit) => permit !== REFUSED).length, 1);
    assert.notEqual(permits[0], REFUSED);
  });

  it("closes when the probe succeeds, opens again when it fails", () => {
    for (const [outcome, after] of [
      ["success", "closed"],
      ["failure", "open"],
    ] as const) {
      const { circuit } = createReal();
      fail(circuit, 5);
      mock.timers.tick(30_000);
      circuit.settle(circuit.admit(), outcome);
      assert.equal(phaseOf(circuit), after);
    }
  });

  it("takes a probe without an answer within ten seconds for failed, and ignores it afterwards", () => {
    const { circuit } = createReal();
    fail(circuit, 5);
    mock.timers.tick(30_000);
    const probe = circuit.admit();
    mock.timers.tick(9_999);
    assert.equal(phaseOf(circuit), "half_open");
    mock.timers.tick(1);
    assert.equal(phaseOf(circuit), "open");
    circuit.settle(probe, "success");
    assert.equal(phaseOf(circuit), "open");
  });

  it("gives the probe's place to the next call when it says nothing about the service", () => {
    const { circuit } = createReal();
    fail(circuit, 5);
    mock.timers.tick(30_000);
    circuit.settle(circuit.admit(), "neither");
    assert.equal(phaseOf(circuit), "half_open");
    assert.notEqual(circuit.admit(), REFUSED);
    assert.equal(circuit.admit(), REFUSED);
  });

  it("lets no result from before a change move it", () => {
    const { circuit } = createReal();
    const early = Array.from({ length: 10 }, () => circuit.admit());
    fail(circuit, 5);
    mock.timers.tick(30_000);
    for (const permit of early.slice(0, 5)) circuit.settle(permit, "success");
    assert.equal(phaseOf(circuit), "half_open");
    circuit.settle(circuit.admit(), "success");
    for (const permit of early.slice(5)) circuit.settle(permit, "failure");
    assert.deepEqual(circuit.view(), { phase: "closed", failures: 0, version: 2, probeInMs: 0 });
  });

  it("closes on a reset and forgets the failures", () => {
    const { circuit, told } = createReal();
    fail(circuit, 5);
    circuit.reset();
    assert.deepEqual(circuit.view(), { phase: "closed", failures: 0, version: 2, probeInMs: 0 });
    assert.deepEqual(told.at(-1), { version: 2, state: "closed", failure: false });
  });

  type Step =
    | { readonly do: "pass"; readonly ms: number }
    | { readonly do: "begin" }
    | { readonly do: "end"; readonly which: number; readonly outcome: Outcome }
    | { readonly do: "hear"; readonly ahead: number; readonly word: Omit<SharedWord, "version"> }
    | { readonly do: "reset" };

  const outcome = fc.constantFrom<Outcome>("success", "failure", "failure", "neither");
  const state = fc.constantFrom<SharedWord["state"]>("closed", "open");
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant("pass" as const),
        ms: fc.constantFrom(1, 4_999, 5_000, 9_999, 10_000, 15_000, 29_999, 30_000),
      }),
    },
    { weight: 8, arbitrary: fc.record({ do: fc.constant("begin" as const) }) },
    {
      weight: 8,
      arbitrary: fc.record({ do: fc.constant("end" as const), which: fc.nat(20), outcome }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant("hear" as const),
        ahead: fc.integer({ min: -1, max: 1 }),
        word: fc.record({ state, failure: fc.boolean() }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("reset" as const) }) },
  );

  it("agrees with an independent model over random schedules", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 120 }), (steps) => {
        mock.timers.reset();
        mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
        const { circuit, told } = createReal();
        const model = new ModelCircuit(settings);
        const open: { permit: number; call: number }[] = [];
        for (const each of steps) {
          if (each.do === "pass") {
            // Mocked timers tell a callback the end of the tick as the time: stop where the probe runs out.
            const first = Math.min(each.ms, model.probeEndsInMs() ?? each.ms);
            for (const ms of [first, each.ms - first]) {
              mock.timers.tick(ms);
              model.pass(ms);
            }
          } else if (each.do === "begin") {
            const permit = circuit.admit();
            const call = model.begin();
            assert.equal(permit === REFUSED, call === undefined, "admission");
            if (call !== undefined) open.push({ permit, call });
          } else if (each.do === "end") {
            const [ended] = open.splice(each.which % Math.max(1, open.length), 1);
            if (!ended) continue;
            circuit.settle(ended.permit, each.outcome);
            model.end(ended.call, each.outcome);
          } else if (each.do === "hear") {
            // A pod that counts a failure is closed.
            const failure = each.word.failure && each.word.state === "closed";
            const version = Math.max(0, model.version + each.ahead);
            const word = { state: each.word.state, failure, version };
            assert.deepEqual(circuit.hear(word), model.hear(word));
          } else {
            circuit.reset();
            model.reset();
          }
          const { phase, failures, version } = circuit.view();
          assert.deepEqual({ phase, failures, version }, model.view());
        }
        assert.deepEqual(told, model.told);
      }),
      { numRuns: 3_000 },
    );
  }).timeout(60_000);
});
