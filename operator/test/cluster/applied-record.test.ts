import assert from "node:assert/strict";
import { recallApplied, recordApplied } from "../../src/controller/applied-record.ts";
import { ApplyMemory } from "../../src/controller/apply-memory.ts";
import type { Platform } from "../../src/desired/platform.ts";
import { kindNamed, objectPath } from "../../src/metadata/resource-kinds.ts";
import type { ApiClient } from "../../src/runtime/api-client.ts";
import { serverSideApply } from "../../src/runtime/server-side-apply.ts";
import { observedObject } from "../support/observed-fixture.ts";
import { platformWith } from "../support/platform-fixture.ts";
import { makeOwner, OWNER_NAMESPACE, removeOwner } from "./owner.ts";
import { deleteIfThere, recorded, testClient } from "./test-client.ts";

const FIXED = { ignoresReplicas: false };
const path = objectPath(kindNamed("ConfigMap"), OWNER_NAMESPACE, "jatra-applied");
const service = observedObject({ kind: "Service", name: "a", spec: { type: "ClusterIP" } });

describe("the record of what was applied, on a real API server", () => {
  let direct: ApiClient;
  let platform: Platform = { ...platformWith(), namespace: OWNER_NAMESPACE };
  const key = `${OWNER_NAMESPACE}/${platform.name}/Service/a`;

  before(async () => {
    direct = await testClient();
    platform = { ...platform, uid: await makeOwner(direct) };
  });
  beforeEach(async () => await deleteIfThere(direct, path));
  after(async () => {
    await deleteIfThere(direct, path);
    await removeOwner(direct);
    await direct.close();
  });

  it("is written when something new is known, and read by the next process", async () => {
    const { client, calls } = recorded(direct);
    const memory = new ApplyMemory();
    await recordApplied(client, memory, platform);
    assert.equal(calls.length, 0);
    memory.remember(key, "wish", service, FIXED);
    await recordApplied(client, memory, platform);
    await recordApplied(client, memory, platform);
    assert.equal(calls.length, 1);
    const successor = new ApplyMemory();
    await recallApplied(client, successor, platform);
    assert.equal(successor.isCurrent(key, "wish", service, FIXED), true);
    const changed = observedObject({ kind: "Service", name: "a", spec: { type: "NodePort" } });
    assert.equal(successor.isCurrent(key, "wish", changed, FIXED), false);
    await recallApplied(client, successor, platform);
    assert.equal(calls.length, 2, "it is read once");
  });

  it("is worth as much as none when it isn't there, or somebody spoilt it", async () => {
    const memory = new ApplyMemory();
    await recallApplied(direct, memory, platform);
    assert.equal(memory.isCurrent(key, "wish", service, FIXED), false);
    for (const applied of ["no JSON", '{"Service/a":"?"}']) {
      const metadata = { name: "jatra-applied", namespace: OWNER_NAMESPACE };
      const spoilt = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { applied } };
      await serverSideApply(direct, spoilt, { fieldManager: "a-person", force: true });
      const successor = new ApplyMemory();
      await recallApplied(direct, successor, platform);
      assert.equal(successor.isCurrent(key, "wish", service, FIXED), false);
    }
  });
});
