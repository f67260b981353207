import assert from "node:assert/strict";
import type { RolloutStatus } from "../../../src/api/rollout.ts";
import { secretProblems as givenProblems } from "../../../src/desired/secrets/given-secrets.ts";
import { platformStatus } from "../../../src/status/index.ts";
import {
  byKey,
  finishedJob,
  observedObject,
  UID,
  workload,
} from "../../support/observed-fixture.ts";
import { platformWith } from "../../support/platform-fixture.ts";
import { conditions, HEALTHY, NOW, scaler, viewWith } from "../../support/view-fixture.ts";

describe("the status", () => {
  it("of a healthy platform", () => {
    assert.deepEqual(conditions(viewWith()), HEALTHY);
  });

  it("tells each service's pods, image and autoscaler", () => {
    const [gateway] = platformStatus(viewWith(), undefined, NOW).services ?? [];
    assert.deepEqual(gateway, {
      name: "api-gateway",
      ready: 3,
      desired: 3,
      updated: 3,
      image: "jatra/api-gateway:1.2.3",
      autoscaling: {
        minReplicas: 3,
        maxReplicas: 20,
        currentReplicas: 4,
        currentCPUUtilizationPercentage: 55,
      },
    });
  });

  it("isn't Ready without PostgreSQL", () => {
    assert.deepEqual(conditions(viewWith([workload("StatefulSet", "postgres", 0)])), {
      ...HEALTHY,
      Ready: "False StoreNotReady",
      DatabaseReady: "False StoreNotReady",
    });
  });

  it("isn't Ready without Redis", () => {
    assert.deepEqual(conditions(viewWith([workload("Deployment", "redis", 0)])), {
      ...HEALTHY,
      Ready: "False StoreNotReady",
    });
  });

  it("isn't Ready while the topology is wrong, and says what is", () => {
    const view = viewWith([], { messaging: { state: "wrong", problems: ["Queue q is classic."] } });
    assert.deepEqual(conditions(view), {
      ...HEALTHY,
      Ready: "False TopologyWrong",
      MessagingReady: "False TopologyWrong",
    });
    const status = platformStatus(view, undefined, NOW);
    const ready = status.conditions?.find(({ type }) => type === "Ready");
    assert.equal(ready?.message, "Queue q is classic.");
  });

  it("isn't Ready with a service below its minimum, and names it", () => {
    const view = viewWith([workload("Deployment", "auth-service", 1, 2)]);
    assert.deepEqual(conditions(view), {
      ...HEALTHY,
      Ready: "False BelowMinimum",
      ServicesReady: "False BelowMinimum",
    });
    const ready = platformStatus(view, undefined, NOW).conditions?.[0];
    assert.equal(ready?.message, "Not enough ready pods: auth-service 1/2.");
  });

  it("stays Ready when an autoscaler has no figures", () => {
    assert.deepEqual(conditions(viewWith([scaler("auth-service", "False")])), {
      ...HEALTHY,
      AutoscalingReady: "False ScalingInactive",
    });
  });

  it("is Degraded by a failed migration", () => {
    const view = viewWith([finishedJob("auth-service-migration", "Failed")]);
    assert.deepEqual(conditions(view), { ...HEALTHY, Degraded: "True WorkloadFailing" });
  });

  it("is Degraded by an image that can't be pulled, and names it", () => {
    const waiting = { reason: "ImagePullBackOff", message: "" };
    const pod = observedObject({
      kind: "Pod",
      name: "auth-1",
      status: { containerStatuses: [{ image: "jatra/auth-service:x", state: { waiting } }] },
    });
    const status = platformStatus(viewWith([], { pods: [pod] }), undefined, NOW);
    const degraded = status.conditions?.find(({ type }) => type === "Degraded");
    assert.equal(degraded?.status, "True");
    assert.match(degraded?.message ?? "", /^Image jatra\/auth-service:x can't be pulled/);
  });

  it("is Degraded by an object of ours that somebody else has", () => {
    const failures = [{ child: "Service/redis-service", reason: "Foreign", message: "x" }] as const;
    assert.equal(conditions(viewWith([], { failures }))["Degraded"], "True Foreign");
  });

  it("says when the pools can't fit, with the figures", () => {
    const services = { booking: { autoscaling: { maxReplicas: 60 } } };
    const status = platformStatus(
      viewWith([], { platform: platformWith({ services }) }),
      undefined,
      NOW,
    );
    const budget = status.conditions?.find(({ type }) => type === "ConnectionBudget");
    assert.equal(budget?.status, "False");
    assert.match(budget?.message ?? "", /need 1383 of 1000 client connections/);
  });

  describe("of a rollout", () => {
    const rollout: RolloutStatus = {
      wish: "a",
      revision: 2,
      goodRevision: 1,
      phase: "Rolling",
      message: "Revision 2, Wave 1 of 3 (user-service): rolls.",
    };
    const rejected = { rejectedRevision: 2, message: "Revision 2 was rejected: x." };
    const withRollout = (more: Partial<RolloutStatus>) =>
      viewWith([], { rollout: { ...rollout, ...more } });

    it("progresses, with the wave's own words, until it is in place", () => {
      assert.deepEqual(conditions(withRollout({})), {
        ...HEALTHY,
        Progressing: "True RollingOut",
      });
      const found = platformStatus(withRollout({}), undefined, NOW);
      const progressing = found.conditions?.find(({ type }) => type === "Progressing");
      assert.equal(progressing?.message, rollout.message);
      assert.deepEqual(found.rollout, rollout);
      assert.deepEqual(conditions(withRollout({ phase: "Settled" })), HEALTHY);
    });

    it("that failed is Degraded: stopped, coming back, and back until the spec changes", () => {
      const degraded = { ...HEALTHY, Degraded: "True RevisionRejected" };
      const stopped = withRollout({ ...rejected, phase: "Stopped" });
      assert.deepEqual(conditions(stopped), degraded);
      const coming = withRollout({ ...rejected, revision: 1, phase: "RollingBack" });
      assert.deepEqual(conditions(coming), { ...degraded, Progressing: "True RollingBack" });
      const back = withRollout({ ...rejected, revision: 1, phase: "RolledBack" });
      assert.deepEqual(conditions(back), degraded);
      const [, , found] = platformStatus(back, undefined, NOW).conditions ?? [];
      assert.equal(
        found?.message,
        "Revision 2 was rejected: x. Revision 1 has its place until the spec changes.",
      );
    });

    it("that a person took back is as it should be", () => {
      const more = { ...rejected, revision: 1, phase: "RolledBack", isRequested: true } as const;
      assert.deepEqual(conditions(withRollout(more)), HEALTHY);
    });

    it("remembers the migrations of the revision it may go back to", () => {
      const view = viewWith([finishedJob("old-migration", "Complete")], {
        keptJobs: ["old-migration"],
      });
      const status = platformStatus(view, undefined, NOW);
      assert.ok(status.completedJobs?.includes("old-migration"));
    });
  });

  it("names Secret and key of an external store's login, and isn't Ready without", () => {
    const external = { host: "r.example", secretRef: { name: "login" } };
    const platform = platformWith({ redis: { type: "External", external } });
    const secretProblems = givenProblems(platform, new Map([["login", { pass: "x" }]]));
    const view = viewWith([], { platform, secretProblems });
    const [ready, , degraded] = platformStatus(view, undefined, NOW).conditions ?? [];
    const message =
      "Secret login (spec.redis.external.secretRef) has no value for key password: add it (it has pass).";
    assert.deepEqual([ready?.status, ready?.message], ["False", message]);
    assert.deepEqual([degraded?.reason, degraded?.message], ["SecretIncomplete", message]);
    assert.deepEqual(conditions({ ...view, secretProblems: [] }), HEALTHY);
  });

  it("says that the database's login is refused, long before the Job gives up", () => {
    const job = { kind: "Job", name: "bootstrap", ownerUid: UID };
    const failing = (failed: number) =>
      platformStatus(viewWith([observedObject({ ...job, status: { failed } })]), undefined, NOW)
        .conditions?.[3]?.message ?? "";
    assert.match(failing(2), /Failed 2 times so far.* of Secret postgres-credentials\.$/);
    assert.doesNotMatch(failing(0), /Failed/);
  });

  it("is paused by the spec", () => {
    const view = viewWith([], { platform: platformWith({ paused: true }) });
    assert.equal(conditions(view)["Paused"], "True PausedBySpec");
  });

  it("remembers Jobs that are done, also after they were deleted, and forgets those of before", () => {
    const healthy = viewWith();
    const names = ["bootstrap", ...healthy.migrationJobs.values()];
    const first = platformStatus(healthy, { completedJobs: ["of-an-older-image"] }, NOW);
    assert.deepEqual(first.completedJobs, names);
    const deleted = { ...healthy, children: byKey([]) };
    assert.deepEqual(platformStatus(deleted, first, NOW).completedJobs, names);
    assert.deepEqual(platformStatus(deleted, undefined, NOW).completedJobs, []);
  });

  it("moves a transition time only when the condition turns", () => {
    const before = platformStatus(viewWith(), undefined, "2026-11-22T17:00:00Z");
    const after = platformStatus(viewWith([workload("Deployment", "redis", 0)]), before, NOW);
    const times = Object.fromEntries(
      (after.conditions ?? []).map(({ type, lastTransitionTime }) => [type, lastTransitionTime]),
    );
    assert.equal(times["Ready"], NOW);
    assert.equal(times["DatabaseReady"], "2026-11-22T17:00:00Z");
  });
});
