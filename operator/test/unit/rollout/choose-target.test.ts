import assert from "node:assert/strict";
import type { RolloutStatus } from "../../../src/api/rollout.ts";
import { chooseTarget, type TargetInput } from "../../../src/rollout/choose-target.ts";
import { readRollbackRequest, rollbackRequest } from "../../../src/rollout/rollback-request.ts";
import { at, ROLLING } from "../../support/rollout-fixture.ts";

const SETTLED: RolloutStatus = {
  wish: "aaaa",
  revision: 1,
  goodRevision: 1,
  phase: "Settled",
  message: "Revision 1 is in place.",
};
const REJECTED: RolloutStatus = {
  wish: "bbbb",
  revision: 1,
  goodRevision: 1,
  phase: "RolledBack",
  message: "Revision 2 was rejected: x.",
  rejectedRevision: 2,
};

const choose = (more: Partial<TargetInput>) =>
  chooseTarget({
    previous: SETTLED,
    wish: "aaaa",
    candidate: undefined,
    request: undefined,
    now: at(0),
    ...more,
  });

describe("the revision a platform is to have", () => {
  it("stays while the spec means the same", () => {
    assert.equal(choose({}), SETTLED);
    assert.equal(choose({ previous: REJECTED, wish: "bbbb" }), REJECTED);
  });

  it("is installed at once where there was none", () => {
    assert.deepEqual(choose({ previous: undefined, candidate: 1 }), {
      wish: "aaaa",
      revision: 1,
      phase: "Installing",
      message: "Revision 1 is being installed.",
      waveStartedAt: at(0),
    });
  });

  it("is rolled out when the spec means something new", () => {
    assert.deepEqual(choose({ wish: "bbbb", candidate: 2 }), ROLLING);
  });

  it("doesn't roll when the new spec makes the same pods", () => {
    assert.deepEqual(choose({ wish: "bbbb", candidate: 1 }), { ...SETTLED, wish: "bbbb" });
  });

  it("comes back at once when the spec goes back in the middle of a rollout", () => {
    const amid = { ...ROLLING, moved: ["leaf"], wave: ["middle"] };
    assert.deepEqual(choose({ previous: amid, wish: "aaaa", candidate: 1 }), {
      ...SETTLED,
      phase: "RollingBack",
      message: "Revision 1 is coming back.",
    });
  });

  it("starts anew with a third revision in the middle of a rollout", () => {
    const amid = { ...ROLLING, moved: ["leaf"], wave: ["middle"] };
    assert.deepEqual(choose({ previous: amid, wish: "cccc", candidate: 3 }), {
      ...ROLLING,
      wish: "cccc",
      revision: 3,
      message: "Revision 3 is on its way.",
    });
  });

  it("may be the rejected one again once the spec has changed", () => {
    assert.deepEqual(choose({ previous: REJECTED, wish: "cccc", candidate: 2 }), {
      ...ROLLING,
      wish: "cccc",
    });
  });

  it("keeps what a stopped rollout had moved when it is tried again", () => {
    const stopped: RolloutStatus = {
      ...ROLLING,
      phase: "Stopped",
      rejectedRevision: 2,
      moved: ["leaf"],
      wave: ["middle"],
    };
    const next = choose({ previous: stopped, wish: "cccc", candidate: 2 });
    assert.deepEqual(next, { ...ROLLING, wish: "cccc", moved: ["leaf"] });
  });

  describe("on request of a person", () => {
    const request = { revision: 1, value: rollbackRequest(1, "bbbb", 5) };
    const previous: RolloutStatus = { ...SETTLED, wish: "bbbb", revision: 2, goodRevision: 2 };

    it("is the one asked for, and the present one isn't tried again", () => {
      assert.deepEqual(choose({ previous, wish: "bbbb", request }), {
        wish: "bbbb",
        revision: 1,
        goodRevision: 1,
        phase: "RollingBack",
        message: "Rolled back by hand to revision 1.",
        rejectedRevision: 2,
        rollbackRequest: "1/bbbb/5",
        isRequested: true,
      });
    });

    it("is asked for once: a spec that goes there and back doesn't bring the request to life", () => {
      const heard = { ...previous, rollbackRequest: request.value };
      assert.equal(choose({ previous: heard, wish: "bbbb", request }), heard);
    });

    it("may be the rejected one, which is rejected no more", () => {
      const back = { revision: 2, value: rollbackRequest(2, "bbbb", 6) };
      const next = choose({ previous: REJECTED, wish: "bbbb", request: back });
      assert.equal(next.revision, 2);
      assert.equal(next.rejectedRevision, undefined);
    });

    it("is void for another wish, and for what is no request", () => {
      const annotations = { "jatra.dev/rollback": request.value };
      assert.deepEqual(readRollbackRequest(annotations, "bbbb"), request);
      assert.equal(readRollbackRequest(annotations, "cccc"), undefined);
      assert.equal(readRollbackRequest({ "jatra.dev/rollback": "1" }, "bbbb"), undefined);
      assert.equal(readRollbackRequest({}, "bbbb"), undefined);
    });
  });
});
