import assert from "node:assert/strict";
import {
  heldRecord,
  mayStillWrite,
  nextStep,
  observeLease,
  releasedRecord,
  type LeaseRecord,
} from "../../../src/runtime/lease-state.ts";

const NOON = Date.parse("2026-11-22T12:00:00.123Z");
const RECORD: LeaseRecord = {
  holder: "a",
  durationSeconds: 15,
  acquireTime: "2026-11-22T11:00:00.000000Z",
  renewTime: "2026-11-22T11:59:58.000000Z",
  transitions: 4,
};
const found = (record: LeaseRecord, resourceVersion = "1") => ({ record, resourceVersion });
const seen = (record: LeaseRecord, seenAtMs: number) => ({ ...found(record), seenAtMs });

describe("the lease", () => {
  it("is made where there is none, and taken where it was released", () => {
    assert.equal(nextStep(undefined, "b", 0), "create");
    assert.equal(nextStep(seen({ ...RECORD, holder: "" }, 0), "b", 0), "take");
  });

  it("is renewed by its holder, however old it is", () => {
    assert.equal(nextStep(seen(RECORD, 0), "a", 60_000), "renew");
  });

  it("is another's until it has been seen unchanged for longer than its duration", () => {
    assert.equal(nextStep(seen(RECORD, 1000), "b", 16_000), "wait");
    assert.equal(nextStep(seen(RECORD, 1000), "b", 16_001), "take");
  });

  it("lets the holder say how long it holds", () => {
    const long = seen({ ...RECORD, durationSeconds: 60 }, 0);
    assert.equal(nextStep(long, "b", 59_000), "wait");
  });

  it("counts from when a record was first seen, not from what its times say", () => {
    const first = observeLease(undefined, found(RECORD), 1000);
    const again = observeLease(first, found(RECORD, "2"), 9000);
    assert.deepEqual(again, { record: RECORD, resourceVersion: "2", seenAtMs: 1000 });
    const renewed = { ...RECORD, renewTime: "1970-01-01T00:00:00.000000Z" };
    assert.equal(observeLease(again, found(renewed), 10_000)?.seenAtMs, 10_000);
    assert.equal(observeLease(again, undefined, 11_000), undefined);
  });

  it("has six digits in its times and counts the changes of hands", () => {
    const now = "2026-11-22T12:00:00.123000Z";
    const fresh = { holder: "b", durationSeconds: 15, acquireTime: now, renewTime: now };
    assert.deepEqual(heldRecord(undefined, "b", NOON), { ...fresh, transitions: 0 });
    assert.deepEqual(heldRecord(seen(RECORD, 0), "b", NOON), { ...fresh, transitions: 5 });
    assert.deepEqual(heldRecord(seen(RECORD, 0), "a", NOON), { ...RECORD, renewTime: now });
  });

  it("is released by a record that nobody has to wait for", () => {
    const released = releasedRecord(RECORD, NOON);
    assert.deepEqual([released.holder, released.transitions], ["", 4]);
    assert.equal(nextStep(seen(released, 0), "b", 0), "take");
  });
});

describe("a leader", () => {
  it("writes for ten seconds after a renewal was sent, and not without one", () => {
    assert.equal(mayStillWrite(undefined, 0), false);
    assert.equal(mayStillWrite(1000, 10_999), true);
    assert.equal(mayStillWrite(1000, 11_000), false);
  });

  it("has stopped writing before anybody else may begin", () => {
    const renewal = heldRecord(undefined, "a", NOON);
    const sentAtMs = 500;
    for (let now = sentAtMs; now < 30_000; now += 100) {
      // Nobody can have seen the renewal before it was sent.
      const rival = nextStep(seen(renewal, sentAtMs), "b", now);
      assert.ok(!(rival === "take" && mayStillWrite(sentAtMs, now)), `both at ${now} ms`);
    }
  });
});
