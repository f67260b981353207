import assert from "node:assert/strict";
import type { RolloutStatus } from "../../../src/api/rollout.ts";
import { advance, suspended, type AdvanceInput } from "../../../src/rollout/advance.ts";
import { pinsOf } from "../../../src/rollout/pins-of.ts";
import {
  at,
  GOOD,
  healthOn,
  inputWith,
  reading,
  ROLLING,
  SETTINGS,
  TARGET,
} from "../../support/rollout-fixture.ts";

const FIRST_WAVE: RolloutStatus = {
  ...ROLLING,
  message: "Revision 2, Wave 1 of 3 (leaf): rolls.",
  wave: ["leaf"],
  waveStartedAt: at(0),
};
const FIRST_SOAK: RolloutStatus = {
  ...FIRST_WAVE,
  message: "Revision 2, Wave 1 of 3 (leaf): ready, watched for 60 s.",
  soakStartedAt: at(30),
  baseline: { pods: [{ pod: "api-gateway-1", requests: 1000, failures: 0 }], deadLetters: 0 },
};
const BACK = { wish: "bbbb", revision: 1, goodRevision: 1, rejectedRevision: 2 } as const;

const onWave = (but = {}) => healthOn(pinsOf(FIRST_WAVE, GOOD, TARGET), but);
const step = (more: Partial<AdvanceInput>) => advance(inputWith(more));

describe("a phased rollout", () => {
  it("begins with the first wave that changes something", () => {
    assert.deepEqual(step({}), FIRST_WAVE);
  });

  it("waits for the wave to be ready, without writing anything", () => {
    const health = onWave({ leaf: { isReady: false } });
    const state = FIRST_WAVE;
    assert.equal(step({ state, health, now: at(599) }), state);
  });

  it("doesn't take the pods of before for ready ones", () => {
    assert.equal(step({ state: FIRST_WAVE, health: healthOn(GOOD), now: at(9) }), FIRST_WAVE);
  });

  it("watches a wave that is ready, from the figures of that moment on", () => {
    assert.deepEqual(step({ state: FIRST_WAVE, health: onWave(), now: at(30) }), FIRST_SOAK);
  });

  it("doesn't begin to watch without figures", () => {
    const next = step({ state: FIRST_WAVE, health: onWave(), reading: undefined });
    assert.equal(next.soakStartedAt, undefined);
    assert.match(next.message, /figures can't be read/);
  });

  it("goes on to the next wave when the soak is over and the gates are passed", () => {
    const now = at(90);
    const next = step({ state: FIRST_SOAK, health: onWave(), reading: reading(1050), now });
    assert.deepEqual(next, {
      ...ROLLING,
      moved: ["leaf"],
      wave: ["middle", "other"],
      waveStartedAt: now,
      message: "Revision 2, Wave 2 of 3 (middle, other): rolls.",
    });
  });

  it("doesn't take no data for success, however long it takes", () => {
    const health = onWave();
    const next = step({ state: FIRST_SOAK, health, reading: reading(1049), now: at(99_999) });
    assert.deepEqual(next, {
      ...FIRST_SOAK,
      message: "Revision 2, Wave 1 of 3 (leaf): waits for traffic, 49 of 50 requests seen.",
    });
    const blind = step({ state: FIRST_SOAK, health, reading: undefined, now: at(99_999) });
    assert.equal(blind.phase, "Rolling");
    assert.deepEqual(blind.wave, ["leaf"]);
  });

  it("doesn't go on before the soak is over", () => {
    const health = onWave();
    assert.equal(
      step({ state: FIRST_SOAK, health, reading: reading(9000), now: at(89) }),
      FIRST_SOAK,
    );
  });

  it("takes everything back as soon as a gate fails", () => {
    const next = step({
      state: FIRST_SOAK,
      health: onWave(),
      reading: reading(1100, 6),
      now: at(35),
    });
    assert.deepEqual(next, {
      ...BACK,
      phase: "RollingBack",
      message: "Revision 2 was rejected: 6 of 100 requests failed, 5 % are allowed.",
    });
    assert.deepEqual(pinsOf(next, GOOD, GOOD), GOOD);
  });

  it("stops where it is without autoRollback", () => {
    const settings = { ...SETTINGS, autoRollback: false };
    const failing = { health: onWave(), reading: reading(1100, 6), now: at(35) };
    const stopped = step({ state: FIRST_SOAK, settings, ...failing });
    assert.equal(stopped.phase, "Stopped");
    assert.equal(stopped.rejectedRevision, 2);
    assert.deepEqual(pinsOf(stopped, GOOD, TARGET), pinsOf(FIRST_SOAK, GOOD, TARGET));
    assert.equal(step({ state: stopped, settings, now: at(9999) }), stopped);
  });

  it("rejects a wave that isn't ready in time", () => {
    const health = onWave({ leaf: { isReady: false } });
    const next = step({ state: FIRST_WAVE, health, now: at(600) });
    assert.equal(next.message, "Revision 2 was rejected: leaf not ready within 600 s.");
  });

  it("gives a complaint a minute to mend itself", () => {
    const complaint = "image jatra/leaf:2 can't be pulled";
    const health = onWave({ leaf: { isReady: false, complaint } });
    assert.equal(step({ state: FIRST_WAVE, health, now: at(59) }), FIRST_WAVE);
    const next = step({ state: FIRST_WAVE, health, now: at(60) });
    assert.equal(next.message, `Revision 2 was rejected: ${complaint}.`);
  });

  it("takes no heed of complaints about waves that haven't begun", () => {
    const health = onWave({ middle: { isReady: false, complaint: "middle crashes at its start" } });
    assert.equal(step({ state: FIRST_SOAK, health, now: at(80) }), FIRST_SOAK);
  });

  it("has settled when the last wave has passed", () => {
    const state: RolloutStatus = {
      ...FIRST_SOAK,
      moved: ["leaf", "middle", "other"],
      wave: ["api-gateway"],
    };
    const health = healthOn(TARGET);
    assert.deepEqual(step({ state, health, reading: reading(1100), now: at(90) }), {
      wish: "bbbb",
      revision: 2,
      goodRevision: 2,
      phase: "Settled",
      message: "Revision 2 is in place.",
    });
  });

  it("remembers the rejected revision when all is back", () => {
    const state: RolloutStatus = { ...BACK, phase: "RollingBack", message: "x" };
    const amid = inputWith({ state, target: GOOD, health: onWave() });
    assert.equal(advance(amid), state);
    const done = advance({ ...amid, health: healthOn(GOOD) });
    assert.deepEqual(done, { ...state, phase: "RolledBack" });
    assert.equal(advance({ ...amid, state: done, health: healthOn(GOOD) }), done);
  });

  it("soaks without figures where the gates are switched off", () => {
    const settings = { ...SETTINGS, gates: undefined };
    const blind = { settings, health: onWave(), reading: undefined };
    const soaking = step({ ...blind, state: FIRST_WAVE, now: at(30) });
    assert.equal(soaking.soakStartedAt, at(30));
    assert.deepEqual(step({ ...blind, state: soaking, now: at(90) }).wave, ["middle", "other"]);
  });
});

describe("a rollout that is held", () => {
  const held: RolloutStatus = {
    ...ROLLING,
    wave: ["leaf"],
    message: "Revision 2 is held in the wave of leaf.",
  };

  it("stops its clocks, and leaves every pod as it is", () => {
    assert.deepEqual(suspended(FIRST_SOAK), held);
    assert.equal(suspended(held), held);
    assert.deepEqual(pinsOf(held, GOOD, TARGET), pinsOf(FIRST_SOAK, GOOD, TARGET));
    const others: RolloutStatus = { ...BACK, phase: "RolledBack", message: "x" };
    assert.equal(suspended(others), others);
  });

  it("watches its wave anew when it goes on, however long that was", () => {
    const now = at(99_999);
    const health = onWave({ leaf: { isReady: false } });
    const next = step({ state: held, health, now });
    assert.deepEqual(next, { ...FIRST_WAVE, waveStartedAt: now });
    assert.equal(step({ state: next, health, now }), next);
  });
});

describe("a rollout all at once", () => {
  const settings = { ...SETTINGS, isPhased: false, autoRollback: false };

  it("is one wave and waits for nobody", () => {
    const first = step({ settings });
    assert.deepEqual(first.wave, ["leaf", "middle", "other", "api-gateway"]);
    assert.deepEqual(pinsOf(first, GOOD, TARGET), TARGET);
    const late = step({ settings, state: first, health: healthOn(GOOD), now: at(99_999) });
    assert.equal(late, first);
    const done = step({ settings, state: first, health: healthOn(TARGET), reading: undefined });
    assert.equal(done.phase, "Settled");
  });

  it("is watched and taken back where autoRollback says so", () => {
    const guarded = { ...settings, autoRollback: true };
    const first = step({ settings: guarded });
    const soaking = step({ settings: guarded, state: first, health: healthOn(TARGET) });
    const next = step({
      settings: guarded,
      state: soaking,
      health: healthOn(TARGET),
      reading: reading(1100, 50),
    });
    assert.equal(next.phase, "RollingBack");
  });
});

describe("a first installation", () => {
  const state: RolloutStatus = {
    wish: "aaaa",
    revision: 1,
    phase: "Installing",
    message: "Revision 1 is being installed.",
    waveStartedAt: at(0),
  };
  const installing = { state, good: new Map(), target: GOOD };

  it("has no waves: everything at once", () => {
    assert.deepEqual(pinsOf(state, new Map(), GOOD), GOOD);
    assert.equal(step({ ...installing, health: new Map(), now: at(99_999) }), state);
  });

  it("is good when tickets can be sold", () => {
    assert.equal(step({ ...installing, isPlatformReady: false }), state);
    assert.equal(step(installing).goodRevision, 1);
  });
});
