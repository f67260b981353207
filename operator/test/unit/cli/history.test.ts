import assert from "node:assert/strict";
import type { RolloutStatus } from "../../../src/api/rollout.ts";
import { createPaint } from "../../../src/cli/paint.ts";
import type { HistoryEntry } from "../../../src/cli/rollout/read-history.ts";
import { historyLines } from "../../../src/cli/rollout/run-history.ts";
import { targetOf } from "../../../src/cli/rollout/run-rollback.ts";
import { statusLines } from "../../../src/cli/status/status-table.ts";

const entry = (revision: number, more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  revision,
  version: "1.2.3",
  createdAt: "2026-11-22T18:00:00Z",
  state: "",
  previous: revision === 1 ? undefined : revision - 1,
  changed: ["auth-service"],
  ...more,
});
const PLAIN = createPaint(false);
const NOW_MS = Date.parse("2026-11-22T18:30:00Z");

describe("jatractl history", () => {
  it("tells age, place and what changed, cut where it is long", () => {
    const all = ["admin-service", "api-gateway", "auth-service", "booking-service", "redis"];
    const lines = historyLines(
      [
        entry(1, { changed: all }),
        entry(2, { state: "in place" }),
        entry(10, { state: "rejected" }),
      ],
      NOW_MS,
      PLAIN,
    );
    assert.deepEqual(lines, [
      "REVISION  VERSION  AGE  STATE     CHANGED",
      "1         1.2.3    30m            admin-service, api-gateway, auth-service and 2 more",
      "2         1.2.3    30m  in place  auth-service",
      "10        1.2.3    30m  rejected  auth-service",
    ]);
  });

  it("says when there is none", () => {
    assert.deepEqual(historyLines([], NOW_MS, PLAIN), [
      "No revisions yet: is the operator running?",
    ]);
  });
});

describe("jatractl rollback", () => {
  // 3 was taken back: the spec had returned to 2 when 4 was made.
  const history = [entry(1), entry(2), entry(3), entry(4, { previous: 2 })];
  const target = (rollout: Partial<RolloutStatus>, to?: number) => {
    const state = { wish: "a", revision: 4, phase: "Settled", message: "x", ...rollout } as const;
    return targetOf(to, { status: { rollout: state } }, history);
  };

  it("goes to the last good revision in the middle of a rollout", () => {
    assert.equal(target({ phase: "Rolling", goodRevision: 2 }), 2);
  });

  it("goes to the one that was in place before, where the present one is good", () => {
    assert.equal(target({ goodRevision: 4 }), 2);
    assert.equal(target({ revision: 3, goodRevision: 3 }), 2);
  });

  it("goes where it is told, if that is there and elsewhere", () => {
    assert.equal(target({ goodRevision: 4 }, 1), 1);
    assert.throws(() => target({ goodRevision: 4 }, 9), /no revision 9; there is 1, 2, 3, 4/);
    assert.throws(() => target({ goodRevision: 4 }, 4), /Revision 4 is the present one/);
    assert.throws(() => target({ revision: 1, goodRevision: 1 }), /no revision before/);
  });
});

describe("jatractl status", () => {
  const line = (rollout: RolloutStatus) => {
    const status = { conditions: [], rollout, observedGeneration: 1 };
    const view = { platform: "jatra/jatra", ageSeconds: 60, generation: 1, status };
    return statusLines({ ...view, cpuTargets: new Map() }, PLAIN)[1];
  };

  it("tells where a rollout is", () => {
    const message = "Revision 2, Wave 1 of 3 (user-service): rolls.";
    const rolling: RolloutStatus = {
      wish: "a",
      revision: 2,
      goodRevision: 1,
      phase: "Rolling",
      message,
    };
    assert.equal(line(rolling), `${message} Last good revision: 1.`);
    assert.equal(line({ ...rolling, phase: "Settled" }), "revision 2 is in place");
  });
});
