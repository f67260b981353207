import assert from "node:assert/strict";
import type { RolloutStatus } from "../../../src/api/rollout.ts";
import { platformStatus } from "../../../src/status/index.ts";
import type { View } from "../../../src/status/view.ts";
import type { ObservedObject } from "../../../src/metadata/observed-object.ts";
import {
  byKey,
  finishedJob,
  observedObject,
  UID,
  workload,
} from "../../support/observed-fixture.ts";
import { platformWith } from "../../support/platform-fixture.ts";

const NOW = "2026-11-22T18:00:00Z";

/** A platform where everything is as it should be, with some objects replaced. */
function viewWith(replaced: readonly ObservedObject[] = [], more: Partial<View> = {}): View {
  const platform = more.platform ?? platformWith();
  const migrations = platform.services.filter(({ facts }) => facts.database !== undefined);
  const jobNames = new Map(migrations.map(({ facts }) => [facts.name, `${facts.name}-migration`]));
  return {
    platform,
    children: byKey([
      workload("StatefulSet", "postgres", 1),
      workload("StatefulSet", "rabbitmq", 1),
      workload("Deployment", "redis", 1),
      workload("Deployment", "pgbouncer", 1),
      finishedJob("bootstrap", "Complete"),
      ...[...jobNames.values()].map((name) => finishedJob(name, "Complete")),
      ...platform.services.map(({ facts, replicas }) =>
        workload("Deployment", facts.name, replicas, replicas),
      ),
      ...platform.services.flatMap(({ facts, autoscaling }) =>
        autoscaling === undefined ? [] : [scaler(facts.name, "True")],
      ),
      ...replaced,
    ]),
    pods: [],
    bootstrapJob: "bootstrap",
    migrationJobs: jobNames,
    failures: [],
    messaging: { state: "declared" },
    rollout: undefined,
    keptJobs: [],
    ...more,
  };
}

function scaler(name: string, active: string): ObservedObject {
  return observedObject({
    kind: "HorizontalPodAutoscaler",
    name,
    ownerUid: UID,
    spec: { minReplicas: 3, maxReplicas: 20 },
    status: {
      currentReplicas: 4,
      currentMetrics: [
        { type: "Resource", resource: { name: "cpu", current: { averageUtilization: 55 } } },
      ],
      conditions: [{ type: "ScalingActive", status: active, reason: "FailedGetResourceMetric" }],
    },
  });
}

const conditions = (view: View) =>
  Object.fromEntries(
    (platformStatus(view, undefined, NOW).conditions ?? []).map(({ type, status, reason }) => [
      type,
      `${status} ${reason}`,
    ]),
  );

const HEALTHY = {
  Ready: "True AllReady",
  Progressing: "False Settled",
  Degraded: "False AsExpected",
  DatabaseReady: "True DatabasesReady",
  PoolReady: "True PoolReady",
  MessagingReady: "True TopologyDeclared",
  ServicesReady: "True MinimumReached",
  AutoscalingReady: "True ScalingActive",
  ConnectionBudget: "True Fits",
  Paused: "False Active",
  ProductionReady: "False NotForProduction",
};

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

  it("gives the gateway's address: spec, ingress, load balancer, or inside the cluster", () => {
    const urlOf = (gateway: object, objects: readonly ObservedObject[] = []) =>
      platformStatus(viewWith(objects, { platform: platformWith({ gateway }) }), undefined, NOW)
        .gatewayURL;
    assert.equal(urlOf({ publicURL: "http://localhost:30000" }), "http://localhost:30000");
    assert.equal(
      urlOf({ ingress: { host: "t.example", tlsSecretName: "s" } }),
      "https://t.example",
    );
    const balancer = observedObject({
      kind: "Service",
      name: "api-gateway",
      status: { loadBalancer: { ingress: [{ ip: "10.1.2.3" }] } },
    });
    assert.equal(urlOf({ type: "LoadBalancer" }, [balancer]), "http://10.1.2.3:3000");
    assert.equal(urlOf({}), "http://api-gateway.jatra:3000");
  });
});
