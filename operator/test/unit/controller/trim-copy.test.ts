import assert from "node:assert/strict";
import { ApplyMemory } from "../../../src/controller/apply-memory.ts";
import { observedHash } from "../../../src/controller/object-digest.ts";
import { trimCopy } from "../../../src/controller/trim-copy.ts";
import { readJob, readWorkload, unpullableImages } from "../../../src/status/read-objects.ts";
import { finishedJob, observedObject, workload } from "../../support/observed-fixture.ts";

const deployment = (image: string, replicas = 2) =>
  observedObject({
    kind: "Deployment",
    name: "auth-service",
    spec: { replicas, template: { spec: { containers: [{ name: "auth", image }] } } },
    status: { readyReplicas: 1, conditions: [{ type: "Available", message: "long" }] },
  });

describe("a trimmed copy", () => {
  it("is small, and trimming it again changes nothing", () => {
    const copy = trimCopy(deployment("a"));
    assert.deepEqual(copy.raw, {
      metadata: { annotations: {}, generation: 1 },
      spec: { replicas: 2 },
      status: { readyReplicas: 1 },
    });
    assert.equal(trimCopy(copy), copy);
  });

  it("still tells whether somebody changed the object", () => {
    for (const ignoresReplicas of [true, false]) {
      const look = { ignoresReplicas };
      const hash = observedHash(deployment("a"), look);
      assert.equal(observedHash(trimCopy(deployment("a")), look), hash);
      assert.notEqual(observedHash(trimCopy(deployment("b")), look), hash);
      assert.equal(observedHash(trimCopy(deployment("a", 9)), look) === hash, ignoresReplicas);
    }
  });

  it("is recognised by the memory of what was applied", () => {
    const memory = new ApplyMemory();
    const look = { ignoresReplicas: false };
    memory.remember("key", "wish", deployment("a"), look);
    assert.equal(memory.isCurrent("key", "wish", trimCopy(deployment("a")), look), true);
    assert.equal(memory.hasDrifted("key", "wish", trimCopy(deployment("b")), look), true);
  });

  it("says the same of pods, Jobs and workloads as the whole", () => {
    const whole = workload("StatefulSet", "postgres", 1, 2);
    assert.deepEqual(readWorkload(trimCopy(whole)), readWorkload(whole));
    assert.equal(readJob(trimCopy(finishedJob("job", "Complete"))), "complete");
    const waiting = { reason: "ErrImagePull", message: "no such image" };
    const containerStatuses = [{ name: "auth", image: "a", imageID: "x", state: { waiting } }];
    const pod = observedObject({
      kind: "Pod",
      name: "auth-1",
      spec: { nodeName: "one" },
      status: { phase: "Pending", containerStatuses },
    });
    assert.deepEqual(unpullableImages(trimCopy(pod)), ["a"]);
    assert.deepEqual(trimCopy(pod).raw, {
      status: { containerStatuses: [{ image: "a", state: { waiting } }] },
    });
  });

  it("of a Secret or a revision holds no contents", () => {
    for (const kind of ["Secret", "ControllerRevision"]) {
      assert.deepEqual(trimCopy(observedObject({ kind, name: "s", data: { a: "x" } })).raw, {});
    }
  });
});
