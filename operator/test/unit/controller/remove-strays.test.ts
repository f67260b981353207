import assert from "node:assert/strict";
import { strayOperations } from "../../../src/controller/remove-strays.ts";

const podWith = (containers: readonly object[], more: object = {}) => ({
  spec: { template: { spec: { containers, ...more } } },
});
const ours = { name: "auth", image: "a", env: [{ name: "PORT", value: "3001" }] };
const manifest = podWith([ours]);

describe("strays", () => {
  it("aren't found where the server only added defaults", () => {
    const defaulted = { ...ours, imagePullPolicy: "IfNotPresent", terminationMessagePath: "/x" };
    assert.deepEqual(strayOperations(manifest, podWith([defaulted])), []);
  });

  it("aren't found in changed values: server-side apply takes care of those", () => {
    const changed = { ...ours, image: "b", env: [{ name: "PORT", value: "1" }] };
    assert.deepEqual(strayOperations(manifest, podWith([changed])), []);
  });

  it("are containers that somebody added", () => {
    assert.deepEqual(strayOperations(manifest, podWith([ours, { name: "spy" }])), [
      { op: "replace", path: "/spec/template/spec/containers", value: [ours] },
    ]);
  });

  it("are variables that somebody added", () => {
    const spied = { ...ours, env: [...ours.env, { name: "NODE_OPTIONS", value: "--inspect" }] };
    assert.deepEqual(strayOperations(manifest, podWith([spied])), [
      { op: "replace", path: "/spec/template/spec/containers", value: [ours] },
    ]);
  });

  it("are init containers that somebody added", () => {
    const object = podWith([ours], { initContainers: [{ name: "spy" }] });
    assert.deepEqual(strayOperations(manifest, object), [
      { op: "remove", path: "/spec/template/spec/initContainers" },
    ]);
  });

  it("are ports of a Service under another number, which apply would refuse as duplicates", () => {
    const wanted = { spec: { ports: [{ name: "http", port: 3001 }] } };
    const found = { spec: { ports: [{ name: "http", port: 9999, protocol: "TCP" }] } };
    assert.deepEqual(strayOperations(wanted, found), [
      { op: "replace", path: "/spec/ports", value: [{ name: "http", port: 3001 }] },
    ]);
    assert.deepEqual(strayOperations(wanted, wanted), []);
  });
});
