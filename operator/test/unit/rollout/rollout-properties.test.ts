import assert from "node:assert/strict";
import fc from "fast-check";
import type { RolloutStatus } from "../../../src/api/rollout.ts";
import { templateHash, type Templates } from "../../../src/desired/workload-template.ts";
import { advance } from "../../../src/rollout/advance.ts";
import { pinsOf } from "../../../src/rollout/pins-of.ts";
import { wavesOf } from "../../../src/rollout/waves.ts";
import { at, GOOD, NAMES, ROLLING, SETTINGS, TARGET } from "../../support/rollout-fixture.ts";

/** A cluster as far as a rollout sees it, and the status, which is all that survives the operator. */
interface World {
  status: string;
  seconds: number;
  requests: number;
  failures: number;
  readonly live: Map<string, string>;
  readonly ready: Set<string>;
}

type Move =
  | { readonly do: "reconcile"; readonly applied: readonly string[] }
  /** Killed before the step was written. */
  | { readonly do: "killed" }
  | { readonly do: "wait"; readonly seconds: number }
  | { readonly do: "pods"; readonly names: readonly string[]; readonly areReady: boolean }
  | { readonly do: "traffic"; readonly requests: number; readonly failures: number };

const names = fc.subarray(NAMES);
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ do: "reconcile", applied: NAMES } as const) },
  // Killed after the step was written, in the middle of doing it.
  fc.record({ do: fc.constant("reconcile" as const), applied: names }),
  fc.constant({ do: "killed" } as const),
  fc.record({ do: fc.constant("wait" as const), seconds: fc.integer({ min: 1, max: 700 }) }),
  fc.record({ do: fc.constant("pods" as const), names, areReady: fc.boolean() }),
  fc.record({
    do: fc.constant("traffic" as const),
    requests: fc.integer({ min: 0, max: 200 }),
    failures: fc.integer({ min: 0, max: 20 }),
  }),
);

const settings = fc.record({
  isPhased: fc.boolean(),
  autoRollback: fc.boolean(),
  waves: fc
    .array(fc.integer({ min: 0, max: 3 }), { minLength: NAMES.length, maxLength: NAMES.length })
    .map((places) =>
      [0, 1, 2].map((wave) => NAMES.filter((_name, index) => places[index] === wave)),
    ),
});

describe("a rollout whose operator may be killed at any point", () => {
  it("never puts a wave on the target before the ones before it have passed", () => {
    fc.assert(
      fc.property(settings, fc.array(move, { maxLength: 60 }), (chosen, moves) => {
        const options = { ...SETTINGS, ...chosen };
        const world = newWorld();
        const waves = wavesOf(options, GOOD, TARGET);
        for (const one of moves) {
          const before = statusOf(world);
          make(world, one, options);
          checkOrder(world, waves, options);
          checkProgress(before, statusOf(world));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("ends with the whole platform on one revision as soon as all goes well", () => {
    fc.assert(
      fc.property(settings, fc.array(move, { maxLength: 60 }), (chosen, moves) => {
        const options = { ...SETTINGS, ...chosen };
        const world = newWorld();
        for (const one of moves) make(world, one, options);
        for (let round = 0; round < 40; round += 1) {
          make(world, { do: "pods", names: NAMES, areReady: true }, options);
          make(world, { do: "reconcile", applied: NAMES }, options);
          make(world, { do: "wait", seconds: 31 }, options);
          make(world, { do: "traffic", requests: 2000, failures: 0 }, options);
        }
        const { phase, revision } = statusOf(world);
        if (phase === "Stopped") assert.equal(options.autoRollback, false);
        else {
          assert.equal(phase, revision === 1 ? "RolledBack" : "Settled");
          assert.deepEqual(world.live, hashes(revision === 1 ? GOOD : TARGET));
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("waves", () => {
  it("hold every workload that changes exactly once, whatever the settings", () => {
    fc.assert(
      fc.property(settings, ({ isPhased, waves }) => {
        const found = wavesOf({ isPhased, waves }, GOOD, TARGET);
        const expected = NAMES.filter((name) => name !== "postgres");
        assert.deepEqual(found.flat().toSorted(), expected.toSorted());
        assert.ok(found.every((wave) => wave.length > 0));
        if (!isPhased) assert.equal(found.length, 1);
      }),
    );
  });
});

function newWorld(): World {
  return {
    status: JSON.stringify(ROLLING),
    seconds: 0,
    requests: 0,
    failures: 0,
    live: hashes(GOOD),
    ready: new Set(NAMES),
  };
}

function hashes(templates: Templates): Map<string, string> {
  return new Map([...templates].map(([name, template]) => [name, templateHash(template)]));
}

function statusOf(world: World): RolloutStatus {
  return JSON.parse(world.status);
}

const templatesFor = (revision: number) => (revision === 1 ? GOOD : TARGET);

function make(world: World, one: Move, options: typeof SETTINGS): void {
  switch (one.do) {
    case "wait":
      world.seconds += one.seconds;
      return;
    case "traffic":
      world.requests += one.requests;
      world.failures += Math.min(one.failures, one.requests);
      return;
    case "pods":
      for (const name of one.names) world.ready[one.areReady ? "add" : "delete"](name);
      return;
    case "killed":
      nextOf(world, options);
      return;
    case "reconcile":
    default: {
      const next = nextOf(world, options);
      world.status = JSON.stringify(next);
      const pins = pinsOf(next, GOOD, templatesFor(next.revision));
      for (const [name, hash] of hashes(pins)) {
        if (!one.applied.includes(name) || world.live.get(name) === hash) continue;
        world.live.set(name, hash);
        world.ready.delete(name);
      }
    }
  }
}

function nextOf(world: World, settings: typeof SETTINGS): RolloutStatus {
  const state = statusOf(world);
  const health = new Map(
    [...world.live].map(([name, template]) => [
      name,
      { template, isReady: world.ready.has(name), complaint: undefined },
    ]),
  );
  const { requests, failures } = world;
  return advance({
    state,
    settings,
    good: GOOD,
    target: templatesFor(state.revision),
    health,
    isPlatformReady: true,
    reading: { pods: [{ pod: "g", requests, failures }], openCircuits: [], deadLetters: 0 },
    now: at(world.seconds),
  });
}

function checkOrder(world: World, waves: readonly (readonly string[])[], options: typeof SETTINGS) {
  const { phase, moved = [], wave = [] } = statusOf(world);
  if (phase !== "Rolling" || !options.isPhased) return;
  const onTarget = [...hashes(TARGET)].filter(
    ([name, hash]) => world.live.get(name) === hash && hashes(GOOD).get(name) !== hash,
  );
  const allowed = [...moved, ...wave];
  for (const [name] of onTarget) assert.ok(allowed.includes(name), `${name} is ahead`);
  const passed = waves.findIndex((one) => one.some((name) => !moved.includes(name)));
  const present = waves[passed] ?? [];
  assert.deepEqual(wave.length === 0 ? present : wave, present);
}

/** Nothing is tried again, and nothing that had passed has to pass again. */
function checkProgress(before: RolloutStatus, after: RolloutStatus) {
  if (before.phase !== "Rolling") assert.notEqual(after.phase, "Rolling");
  if (after.phase !== "Rolling") return;
  for (const name of before.moved ?? []) assert.ok(after.moved?.includes(name), name);
}
