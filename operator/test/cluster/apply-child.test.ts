import assert from "node:assert/strict";
import { ApplyMemory } from "../../src/controller/apply-memory.ts";
import { applyChild } from "../../src/controller/apply-child.ts";
import { Contests } from "../../src/controller/contests.ts";
import { trimCopy } from "../../src/controller/trim-copy.ts";
import type { Child, Manifest } from "../../src/desired/manifest.ts";
import { observed } from "../../src/metadata/observed-object.ts";
import { kindNamed, objectPath } from "../../src/metadata/resource-kinds.ts";
import type { ApiClient } from "../../src/runtime/api-client.ts";
import { serverSideApply } from "../../src/runtime/server-side-apply.ts";
import { platformWith } from "../support/platform-fixture.ts";
import { deleteIfThere, makeNamespace, NAMESPACE, recorded, testClient } from "./test-client.ts";

const platform = { ...platformWith(), namespace: NAMESPACE };
const LABELS = {
  "app.kubernetes.io/managed-by": "jatra-operator",
  "app.kubernetes.io/instance": platform.name,
};
const PERSON = { fieldManager: "a-person", force: true };

const childOf = (manifest: Manifest): Child => ({
  manifest,
  after: [],
  retained: true,
  replicasAtCreation: undefined,
});

function serviceChild(name: string, port: number): Child {
  const metadata = { name, namespace: NAMESPACE, labels: LABELS };
  const spec = { selector: { app: name }, ports: [{ name: "http", port }] };
  return childOf({ apiVersion: "v1", kind: "Service", metadata, spec });
}

/** A Job whose pod fits no node. */
function jobChild(name: string, value: string, backoffLimit = 0): Child {
  const metadata = { name, namespace: NAMESPACE, labels: LABELS };
  const spec = {
    backoffLimit,
    template: {
      spec: {
        restartPolicy: "Never",
        nodeSelector: { "jatra.dev/nowhere": "true" },
        containers: [{ name: "none", image: "none", env: [{ name: "A", value }] }],
      },
    },
  };
  return childOf({ apiVersion: "batch/v1", kind: "Job", metadata, spec });
}

describe("applying a child on a real API server", () => {
  let client: ApiClient;
  before(async () => {
    client = await testClient();
    await makeNamespace(client);
  });
  beforeEach(async () => {
    for (const { manifest } of [serviceChild("fought-over", 1), jobChild("worded", "")]) {
      await deleteIfThere(client, pathOf(manifest));
    }
  });
  after(async () => {
    await deleteIfThere(client, pathOf(serviceChild("fought-over", 1).manifest));
    await deleteIfThere(client, pathOf(jobChild("worded", "").manifest));
    await client.close();
  });

  const pathOf = ({ kind, metadata }: Manifest) =>
    objectPath(kindNamed(kind), NAMESPACE, metadata.name);

  /** As a watch has brought it: a trimmed copy. */
  const copyOf = async ({ manifest }: Child) =>
    trimCopy(observed(manifest.kind, await client.call({ method: "GET", path: pathOf(manifest) })));

  const newTools = () => {
    const { client: noted, calls } = recorded(client);
    const writes = () => calls.filter(({ method }) => method !== "GET");
    const tools = { client: noted, memory: new ApplyMemory(), contests: new Contests(() => 0) };
    return { tools, writes };
  };

  it("makes it, leaves it alone, and repairs it", async () => {
    const { tools, writes } = newTools();
    const child = serviceChild("fought-over", 80);
    const outcomes = [(await applyChild(tools, platform, child, undefined)).outcome];
    outcomes.push((await applyChild(tools, platform, child, await copyOf(child))).outcome);
    assert.equal(writes().length, 1);
    const spied = [{ op: "add", path: "/spec/ports/-", value: { name: "spy", port: 99 } }];
    const contentType = "application/json-patch+json";
    const path = pathOf(child.manifest);
    await client.call({ method: "PATCH", path, body: spied, contentType });
    outcomes.push((await applyChild(tools, platform, child, await copyOf(child))).outcome);
    assert.deepEqual(outcomes, ["created", "unchanged", "repaired"]);
    const after = JSON.stringify(await client.call({ method: "GET", path }));
    assert.equal(after.includes("spy"), false);
  });

  it("takes a field back five times, then leaves it to the rival and says so", async () => {
    const { tools } = newTools();
    const child = serviceChild("fought-over", 80);
    await applyChild(tools, platform, child, undefined);
    const outcomes: string[] = [];
    for (let round = 0; round < 8; round += 1) {
      const { manifest } = child;
      const selector = { app: "the-rival" };
      await serverSideApply(
        client,
        { ...manifest, spec: { ...specOf(manifest), selector } },
        PERSON,
      );
      outcomes.push((await applyChild(tools, platform, child, await copyOf(child))).outcome);
    }
    const repairs = Array.from({ length: 5 }, () => "repaired");
    assert.deepEqual(outcomes, [...repairs, "contested", "contested", "contested"]);
    const left = await client.call({ method: "GET", path: pathOf(child.manifest) });
    assert.ok(JSON.stringify(left).includes("the-rival"));
  });

  it("leaves a Job as it is that a newer operator would write in other words", async () => {
    const { tools, writes } = newTools();
    await applyChild(tools, platform, jobChild("worded", "old"), undefined);
    const newer = jobChild("worded", "new");
    const made = writes().length;
    const first = await applyChild(tools, platform, newer, await copyOf(newer));
    assert.deepEqual(first, { outcome: "unchanged" });
    await applyChild(tools, platform, newer, await copyOf(newer));
    assert.equal(writes().length, made + 1, "it is tried once, not with every run");
  });

  it("says loudly when a Job is refused for any other reason", async () => {
    const { tools } = newTools();
    await applyChild(tools, platform, jobChild("worded", "old"), undefined);
    const wrong = jobChild("worded", "old", -1);
    const apply = async () => await applyChild(tools, platform, wrong, await copyOf(wrong));
    await assert.rejects(apply, /must be greater than or equal to 0/);
  });

  it("makes what the server has just said isn't there without asking again", async () => {
    const { tools, writes } = newTools();
    const { client: noted, calls } = recorded(tools.client);
    await applyChild(
      { ...tools, client: noted },
      platform,
      serviceChild("fought-over", 80),
      "absent",
    );
    assert.deepEqual(
      calls.map(({ method }) => method),
      ["PATCH"],
    );
    assert.equal(writes().length, 1);
  });
});

function specOf({ spec }: Manifest): object {
  return typeof spec === "object" && spec !== null ? spec : {};
}
