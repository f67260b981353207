import assert from "node:assert/strict";
import { Contests } from "../../../src/controller/contests.ts";

const MINUTE_MS = 60_000;
const cause = { field: ".spec.type", message: 'conflict with "rival" using v1' };

describe("a field that a rival sets again and again", () => {
  it("is taken back five times in ten minutes, then left, and tried again later", () => {
    let nowMs = 0;
    const contests = new Contests(() => nowMs);
    for (let round = 0; round < 5; round += 1) {
      assert.equal(contests.refuse("Service/redis", [cause]), undefined);
      nowMs += MINUTE_MS;
    }
    const contest = { field: cause.field, rival: cause.message };
    assert.deepEqual(contests.refuse("Service/redis", [cause]), contest);
    nowMs = 10 * MINUTE_MS;
    assert.equal(contests.refuse("Service/redis", [cause]), undefined);
    assert.deepEqual(contests.refuse("Service/redis", [cause]), contest);
  });

  it("isn't confused with another field, rival or object", () => {
    const contests = new Contests(() => 0);
    for (let round = 0; round < 5; round += 1) contests.refuse("Service/redis", [cause]);
    const others = [
      contests.refuse("Service/other", [cause]),
      contests.refuse("Service/redis", [{ ...cause, field: ".spec.ports" }]),
      contests.refuse("Service/redis", [{ ...cause, message: 'conflict with "person"' }]),
    ];
    assert.deepEqual(others, [undefined, undefined, undefined]);
  });
});
