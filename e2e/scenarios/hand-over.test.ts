import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { kindNamed, objectPath } from "../../operator/src/metadata/resource-kinds.ts";
import type { ApiClient } from "../../operator/src/runtime/api-client.ts";
import { serverSideApply } from "../../operator/src/runtime/server-side-apply.ts";
import {
  deleteIfThere,
  makeNamespace,
  NAMESPACE,
  testClient,
} from "../../operator/test/cluster/test-client.ts";
import { eventually } from "./support/eventually.ts";
import { jsonPath } from "./support/kubectl.ts";
import { patchPlatform } from "./support/rollout.ts";
import { sampleReplicas } from "./support/sample-replicas.ts";
import { testCluster } from "./support/test-cluster.ts";

const NAME = "user-service";
/** Above the minimum of the table (2): whoever falls back to a default is seen. */
const REPLICAS = 3;
/** The autoscaler looks every 15 s. */
const LOOK_MS = 16_000;

const pathOf = (namespace: string, name: string) =>
  objectPath(kindNamed("Deployment"), namespace, name);
const wish = (user: object) => patchPlatform({ services: { user } });
const FIXED = { autoscaling: { enabled: false, minReplicas: null }, replicas: REPLICAS };
const SCALED = { autoscaling: { enabled: null, minReplicas: null }, replicas: null };

describe("replicas, handed from an autoscaler to the operator and back", () => {
  let client: ApiClient;

  before(async function () {
    this.timeout(180_000);
    client = await testClient();
    await wish({ autoscaling: { minReplicas: REPLICAS } });
    await eventually("the autoscaler has scaled", 150_000, async () => {
      const ready = await jsonPath("deployment", NAME, "{.spec.replicas} {.status.readyReplicas}");
      assert.equal(ready, `${REPLICAS} ${REPLICAS}`);
    });
  });

  after(async () => {
    await wish(SCALED);
    await deleteIfThere(client, pathOf(NAMESPACE, "let-go"));
    await client.close();
  });

  it("never fall below what they were", async function () {
    this.timeout(180_000);
    const sampled = sampleReplicas(client, pathOf(testCluster.namespace, NAME));
    await wish(FIXED);
    await eventually("the autoscaler has gone", 60_000, async () => {
      await assert.rejects(jsonPath("hpa", NAME, "{.metadata.name}"), /NotFound/);
    });
    // The operator's own next write, and what the Deployment's controller makes of it.
    await delay(3_000);
    await wish(SCALED);
    await eventually("the autoscaler is at work again", 90_000, async () => {
      const able = '{.status.conditions[?(@.type=="AbleToScale")].status}';
      assert.equal(await jsonPath("hpa", NAME, able), "True");
    });
    await delay(LOOK_MS);
    const { count, ...lowest } = await sampled.stop();
    console.log(`      ${count} samples, lowest: ${JSON.stringify(lowest)}`);
    assert.equal(lowest.wished, REPLICAS);
    assert.equal(lowest.running, REPLICAS);
    assert.ok(count > LOOK_MS / 250, `only ${count} samples`);
  });

  it("would be seen to fall: a field that is only left out falls back to one pod", async () => {
    await makeNamespace(client);
    const manifest = (replicas: object) => ({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "let-go", namespace: NAMESPACE },
      spec: {
        ...replicas,
        selector: { matchLabels: { app: "let-go" } },
        template: {
          metadata: { labels: { app: "let-go" } },
          // Pods that fit no node: only the field matters.
          spec: {
            nodeSelector: { "jatra.dev/nowhere": "true" },
            containers: [{ name: "none", image: "none" }],
          },
        },
      },
    });
    const manager = { fieldManager: "jatra-operator", force: true };
    await serverSideApply(client, manifest({ replicas: REPLICAS }), manager);
    const sampled = sampleReplicas(client, pathOf(NAMESPACE, "let-go"));
    await delay(500);
    await serverSideApply(client, manifest({}), manager);
    await delay(500);
    assert.equal((await sampled.stop()).wished, 1);
  });
});
