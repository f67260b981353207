import assert from "node:assert/strict";
import { droppedFields } from "../../../src/cli/plan/dropped-fields.ts";
import { addedEntries, fieldChanges } from "../../../src/cli/plan/field-changes.ts";

describe("the fields that a plan compares", () => {
  it("names what somebody added to a container, and a container that somebody added", () => {
    const wanted = { containers: [{ name: "a", env: [{ name: "A" }] }] };
    const added = { name: "B", value: "2" };
    const live = {
      containers: [{ name: "a", env: [{ name: "A" }, added] }, { name: "spy" }],
      tolerations: [{ key: "x" }],
    };
    assert.deepEqual(addedEntries(wanted, live), [
      { path: "containers[a].env[B]", before: added, after: undefined },
      { path: "containers[spy]", before: { name: "spy" }, after: undefined },
    ]);
  });

  it("finds what differs and what is missing, and leaves the server's defaults alone", () => {
    const wanted = { spec: { replicas: 2, paused: false, selector: { app: "a" } } };
    const live = { spec: { replicas: 3, selector: { app: "a" }, progressDeadlineSeconds: 600 } };
    assert.deepEqual(fieldChanges(wanted, live), [
      { path: "spec.replicas", before: 3, after: 2 },
      { path: "spec.paused", before: undefined, after: false },
    ]);
  });

  it("matches containers and variables by name, wherever they stand", () => {
    const container = (name: string, value: string) => ({ name, env: [{ name: "A", value }] });
    const wanted = { containers: [container("a", "1"), container("b", "2")] };
    const live = { containers: [container("b", "old"), container("a", "1")] };
    assert.deepEqual(fieldChanges(wanted, live), [
      { path: "containers[b].env[A].value", before: "old", after: "2" },
    ]);
  });

  it("takes two ways to write a quantity for one", () => {
    const wanted = { resources: { limits: { cpu: "1000m", memory: "1Gi" } } };
    const live = { resources: { limits: { cpu: "1", memory: "1024Mi" } } };
    assert.deepEqual(fieldChanges(wanted, live), []);
    const less = { resources: { limits: { cpu: "2", memory: "1Gi" } } };
    assert.equal(fieldChanges(wanted, less).length, 1);
  });

  it("takes what is empty for absent, as the server does", () => {
    assert.deepEqual(fieldChanges({ a: {}, b: [], c: "", d: undefined }, {}), []);
  });

  it("shows a list without keys as a whole when its length changes", () => {
    const change = { path: "args", before: ["a"], after: ["a", "b"] };
    assert.deepEqual(fieldChanges({ args: ["a", "b"] }, { args: ["a"] }), [change]);
  });

  it("keeps the ports of a network policy in their order: such a list is replaced at once", () => {
    const rule = (...ports: number[]) => ({
      ingress: [{ ports: ports.map((port) => ({ port })) }],
    });
    assert.equal(fieldChanges(rule(1), rule(1, 2)).length, 1);
    assert.deepEqual(fieldChanges(rule(1, 2), rule(1, 2)), []);
  });
});

describe("fields that the operator lets go of", () => {
  const owned = {
    "f:metadata": { "f:labels": { "f:app": {}, "f:old": {} } },
    "f:spec": {
      "f:containers": {
        'k:{"name":"a"}': { ".": {}, "f:image": {}, "f:command": {} },
        'k:{"name":"gone"}': { ".": {}, "f:image": {} },
      },
    },
  };
  const live = {
    metadata: { labels: { app: "a", old: "1", foreign: "x" } },
    spec: { containers: [{ name: "a", image: "i", command: ["c"] }, { name: "gone" }] },
  };

  it("are removed: labels, fields and entries of lists; what others own stays", () => {
    const wanted = {
      metadata: { labels: { app: "a" } },
      spec: { containers: [{ name: "a", image: "i" }] },
    };
    assert.deepEqual(droppedFields(wanted, live, owned), [
      { path: "metadata.labels.old", before: "1", after: undefined },
      { path: "spec.containers[a].command", before: ["c"], after: undefined },
      { path: "spec.containers[gone]", before: { name: "gone" }, after: undefined },
    ]);
  });

  it("are none while everything is still wanted, or nothing was ever owned", () => {
    assert.deepEqual(droppedFields(live, live, owned), []);
    assert.deepEqual(droppedFields({}, live, undefined), []);
  });
});
