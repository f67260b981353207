import assert from "node:assert/strict";
import { ApplyMemory } from "../../../src/controller/apply-memory.ts";
import { observedObject } from "../../support/observed-fixture.ts";

const SCALED = { ignoresReplicas: true };
const FIXED = { ignoresReplicas: false };
const deployment = (more: object, name = "auth-service") =>
  observedObject({ kind: "Deployment", name, spec: { replicas: 2, template: {} }, ...more });

describe("the apply memory", () => {
  const memory = new ApplyMemory();
  memory.remember("key", "wish", deployment({}), SCALED);

  it("skips while neither wish nor object have changed", () => {
    assert.equal(memory.isCurrent("key", "wish", deployment({}), SCALED), true);
  });

  it("doesn't skip another wish, and doesn't call it drift", () => {
    assert.equal(memory.isCurrent("key", "other", deployment({}), SCALED), false);
    assert.equal(memory.hasDrifted("key", "other", deployment({}), SCALED), false);
  });

  it("doesn't skip an object that somebody changed, and calls it drift", () => {
    const changed = deployment({ spec: { replicas: 2, template: { spec: {} } } });
    assert.equal(memory.isCurrent("key", "wish", changed, SCALED), false);
    assert.equal(memory.hasDrifted("key", "wish", changed, SCALED), true);
  });

  it("doesn't skip an object that was made anew under the same name", () => {
    assert.equal(memory.isCurrent("key", "wish", deployment({ uid: "new" }), SCALED), false);
  });

  it("doesn't mind status, version and what an HPA does to the replicas", () => {
    const moved = deployment({
      resourceVersion: "99",
      spec: { replicas: 9, template: {} },
      status: { readyReplicas: 9 },
    });
    assert.equal(memory.isCurrent("key", "wish", moved, SCALED), true);
  });

  it("minds the replicas of a Deployment without an HPA", () => {
    memory.remember("fixed", "wish", deployment({}), FIXED);
    const moved = deployment({ spec: { replicas: 9, template: {} } });
    assert.equal(memory.isCurrent("fixed", "wish", moved, FIXED), false);
  });

  it("minds any write to a Secret, whose contents aren't watched", () => {
    const secret = (resourceVersion: string) =>
      observedObject({ kind: "Secret", name: "s", resourceVersion });
    memory.remember("secret", "wish", secret("1"), FIXED);
    assert.equal(memory.isCurrent("secret", "wish", secret("1"), FIXED), true);
    assert.equal(memory.isCurrent("secret", "wish", secret("2"), FIXED), false);
  });

  it("forgets a platform that is gone", () => {
    const key = "jatra/jatra/Service/x";
    memory.remember(key, "wish", deployment({}), FIXED);
    assert.equal(memory.isCurrent(key, "wish", deployment({}), FIXED), true);
    memory.forgetAll("jatra/jatra");
    assert.equal(memory.isCurrent(key, "wish", deployment({}), FIXED), false);
    assert.equal(memory.takeUnrecorded("jatra/jatra"), undefined);
  });

  it("tells once what has come to be known, and a successor knows as much", () => {
    const key = "jatra/jatra/Deployment/auth-service";
    memory.remember(key, "wish", deployment({}), SCALED);
    const known = memory.takeUnrecorded("jatra/jatra") ?? assert.fail();
    assert.equal(memory.takeUnrecorded("jatra/jatra"), undefined);
    const successor = new ApplyMemory();
    assert.equal(successor.knows("jatra/jatra"), false);
    successor.recall("jatra/jatra", known);
    assert.equal(successor.isCurrent(key, "wish", deployment({}), SCALED), true);
    assert.equal(successor.isCurrent(key, "another", deployment({}), SCALED), false);
    assert.equal(successor.takeUnrecorded("jatra/jatra"), undefined, "it is recorded already");
  });
});
