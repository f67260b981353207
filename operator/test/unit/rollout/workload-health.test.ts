import assert from "node:assert/strict";
import { templateHash, type Templates } from "../../../src/desired/workload-template.ts";
import type { ObservedObject } from "../../../src/metadata/observed-object.ts";
import { workloadHealth } from "../../../src/rollout/workload-health.ts";
import { byKey, finishedJob, observedObject, UID } from "../../support/observed-fixture.ts";

const template = {
  metadata: { annotations: {} },
  spec: { containers: [{ image: "jatra/auth-service:2" }] },
};
const target: Templates = new Map([["auth-service", template]]);

const deployment = (
  status: object,
  annotations: Readonly<Record<string, string>> = { "jatra.dev/template": "abc" },
) => {
  const object = observedObject({
    kind: "Deployment",
    name: "auth-service",
    ownerUid: UID,
    spec: { replicas: 2 },
    status: { observedGeneration: 1, replicas: 2, updatedReplicas: 2, readyReplicas: 2, ...status },
  });
  return { ...object, annotations };
};

function podOf(app: string, image: string, reason: string): ObservedObject {
  const containerStatuses = [{ image, state: { waiting: { reason } } }];
  return observedObject({ kind: "Pod", name: "p", labels: { app }, status: { containerStatuses } });
}

const health = (objects: readonly ObservedObject[], pods: readonly ObservedObject[] = []) =>
  workloadHealth(
    {
      children: byKey(objects),
      pods,
      migrationJobs: new Map([["auth-service", "auth-service-migration-1"]]),
    },
    target,
  ).get("auth-service");

const complaint = (pod: ObservedObject) => health([deployment({})], [pod])?.complaint;

describe("how a workload does", () => {
  it("is ready when all pods are of the newest template and ready", () => {
    assert.deepEqual(health([deployment({})]), {
      template: "abc",
      isReady: true,
      complaint: undefined,
    });
  });

  it("isn't ready while old pods are there, pods are missing, or the change is unseen", () => {
    for (const status of [
      { replicas: 3 },
      { updatedReplicas: 1 },
      { readyReplicas: 1 },
      { observedGeneration: 0 },
    ]) {
      assert.equal(health([deployment(status)])?.isReady, false, JSON.stringify(status));
    }
  });

  it("is unknown where there is none, or it was made by an operator of before", () => {
    assert.equal(health([])?.isReady, false);
    assert.equal(health([deployment({}, {})])?.template, undefined);
    assert.notEqual(health([deployment({})])?.template, templateHash(template));
  });

  it("complains of an image that its pods or its migration can't get", () => {
    const words = "image jatra/auth-service:2 can't be pulled";
    const image = "jatra/auth-service:2";
    assert.equal(complaint(podOf("auth-service", image, "ErrImagePull")), words);
    assert.equal(complaint(podOf("auth-service-migration", image, "ImagePullBackOff")), words);
  });

  it("complains of a crash of the new image, by whatever name the node knows it", () => {
    const pod = podOf("auth-service", "docker.io/jatra/auth-service:2", "CrashLoopBackOff");
    assert.equal(complaint(pod), "auth-service crashes at its start");
  });

  it("takes no heed of pods of before, nor of others", () => {
    const old = podOf("auth-service", "jatra/auth-service:1", "CrashLoopBackOff");
    assert.equal(complaint(old), undefined);
    const other = podOf("user-service", "jatra/auth-service:2", "CrashLoopBackOff");
    assert.equal(complaint(other), undefined);
  });

  it("complains of a failed migration", () => {
    const job = finishedJob("auth-service-migration-1", "Failed");
    const found = health([deployment({}), job])?.complaint;
    assert.equal(found, "Job auth-service-migration-1 failed");
  });
});
