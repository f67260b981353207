import assert from "node:assert/strict";
import { handOverReplicas, manifestAtCreation } from "../../src/controller/hand-over-replicas.ts";
import { removeStrays } from "../../src/controller/remove-strays.ts";
import type { Child } from "../../src/desired/manifest.ts";
import { kindNamed, objectPath } from "../../src/metadata/resource-kinds.ts";
import { observed, type ObservedObject } from "../../src/metadata/observed-object.ts";
import type { ApiClient } from "../../src/runtime/api-client.ts";
import { isConflict } from "../../src/runtime/api-error.ts";
import { Reflector } from "../../src/runtime/reflector.ts";
import { serverSideApply } from "../../src/runtime/server-side-apply.ts";
import { deleteIfThere, eventually, makeNamespace, NAMESPACE, testClient } from "./test-client.ts";

const OPERATOR = { fieldManager: "jatra-operator", force: false };
const PERSON = { fieldManager: "a-person", force: true };

function configMap(name: string, data: Record<string, string>) {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: NAMESPACE, labels: { app: "reflected" } },
    data,
  };
}

/** A Deployment whose pods fit no node: only its fields matter. */
function scaledDeployment(name: string): Child {
  const labels = { app: name };
  const spec = {
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        nodeSelector: { "jatra.dev/nowhere": "true" },
        containers: [{ name: "none", image: "none", env: [{ name: "A", value: "1" }] }],
      },
    },
  };
  const metadata = { name, namespace: NAMESPACE, labels };
  return {
    manifest: { apiVersion: "apps/v1", kind: "Deployment", metadata, spec },
    after: [],
    retained: false,
    replicasAtCreation: 3,
  };
}

describe("the runtime on a real API server", () => {
  let client: ApiClient;
  const stop = new AbortController();
  before(async () => {
    client = await testClient();
    await makeNamespace(client);
  });
  after(async () => {
    stop.abort();
    for (const name of ["one", "two", "three", "contested"]) {
      await deleteIfThere(client, objectPath(kindNamed("ConfigMap"), NAMESPACE, name));
    }
    for (const name of ["handed-over", "dropped", "spied"]) {
      await deleteIfThere(client, objectPath(kindNamed("Deployment"), NAMESPACE, name));
    }
    await client.close();
  });

  it("reflects what is there, what changes and what goes", async () => {
    await serverSideApply(client, configMap("one", { a: "1" }), OPERATOR);
    const reflector = new Reflector({
      client,
      kind: kindNamed("ConfigMap"),
      namespace: NAMESPACE,
      selector: { labelSelector: "app=reflected" },
      onChange: () => undefined,
      onError: (error) => assert.fail(String(error)),
    });
    void reflector.run(stop.signal);
    await eventually("the first list", () => reflector.get(NAMESPACE, "one") !== undefined);
    await serverSideApply(client, configMap("two", { b: "1" }), OPERATOR);
    await eventually("an addition", () => reflector.get(NAMESPACE, "two") !== undefined);
    const changed = await serverSideApply(client, configMap("one", { a: "2" }), OPERATOR);
    await eventually(
      "a change",
      () => reflector.get(NAMESPACE, "one")?.resourceVersion === changed.resourceVersion,
    );
    await deleteIfThere(client, objectPath(kindNamed("ConfigMap"), NAMESPACE, "two"));
    await eventually("a deletion", () => reflector.get(NAMESPACE, "two") === undefined);
  });

  it("is told of a rival's value, and takes the field only by force", async () => {
    await serverSideApply(client, configMap("contested", { a: "ours" }), OPERATOR);
    await serverSideApply(client, configMap("contested", { a: "theirs" }), PERSON);
    await assert.rejects(
      serverSideApply(client, configMap("contested", { a: "ours" }), OPERATOR),
      isConflict,
    );
    const forced = { ...OPERATOR, force: true };
    const object = await serverSideApply(client, configMap("contested", { a: "ours" }), forced);
    assert.deepEqual(object.raw["data"], { a: "ours" });
  });

  it("writes nothing when it applies what is there already", async () => {
    const first = await serverSideApply(client, configMap("three", { a: "1" }), OPERATOR);
    const second = await serverSideApply(client, configMap("three", { a: "1" }), OPERATOR);
    assert.equal(second.resourceVersion, first.resourceVersion);
  });

  it("hands replicas over without ever letting go of them", async () => {
    const child = scaledDeployment("handed-over");
    const made = await serverSideApply(client, manifestAtCreation(child), OPERATOR);
    await handOverReplicas(client, child, made);
    const after = await serverSideApply(client, child.manifest, OPERATOR);
    assert.equal(replicasOf(after), 3);
    assert.deepEqual(after.replicaOwners, ["jatra-replicas"]);
  });

  it("would fall back to one pod without the hand-over", async () => {
    const child = scaledDeployment("dropped");
    await serverSideApply(client, manifestAtCreation(child), OPERATOR);
    assert.equal(replicasOf(await serverSideApply(client, child.manifest, OPERATOR)), 1);
  });

  it("takes out a container and a variable that somebody added", async () => {
    const child = scaledDeployment("spied");
    await serverSideApply(client, manifestAtCreation(child), OPERATOR);
    const spied = observed(
      "Deployment",
      await client.call({
        method: "PATCH",
        path: objectPath(kindNamed("Deployment"), NAMESPACE, "spied"),
        contentType: "application/strategic-merge-patch+json",
        query: { fieldManager: "a-person" },
        body: {
          spec: {
            template: {
              spec: {
                containers: [
                  { name: "none", env: [{ name: "NODE_OPTIONS", value: "--inspect" }] },
                  { name: "spy", image: "spy" },
                ],
              },
            },
          },
        },
      }),
    );
    await removeStrays(client, child.manifest, spied);
    const after = await serverSideApply(client, child.manifest, { ...OPERATOR, force: true });
    const text = JSON.stringify(after.raw["spec"]);
    assert.equal(text.includes("spy"), false);
    assert.equal(text.includes("--inspect"), false);
    assert.ok(text.includes('"name":"A"'));
  });
});

function replicasOf({ raw }: ObservedObject): unknown {
  const { spec } = raw;
  return typeof spec === "object" && spec !== null && "replicas" in spec
    ? spec.replicas
    : undefined;
}
