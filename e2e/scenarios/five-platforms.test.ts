import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { clusterOf } from "../cluster/kind-cluster.ts";
import { kubectl as kubectlAt } from "../cluster/kubectl.ts";
import { run } from "../cluster/run-command.ts";
import {
  changeByHand,
  changedByHand,
  createNamespaces,
  createPlatforms,
  deleteNamespaces,
  namespacesOf,
  withCondition,
  type Broker,
} from "../scale/platforms.ts";
import { eventually } from "./support/eventually.ts";
import { jsonPath, kubectl, kubectlApply } from "./support/kubectl.ts";
import { testCluster } from "./support/test-cluster.ts";

const cluster = clusterOf(testCluster.name);
const [poisoned = "", refused = "", ...sound] = namespacesOf("five", 5);
const WEBHOOK = "five-platforms";

/** No pods: five more platforms wouldn't fit, and what is applied before any pod runs is enough here. */
const noPods = (namespace: string) => [
  {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "no-pods", namespace },
    spec: { hard: { pods: "0" } },
  },
];

/** The sample platform's own broker: its topology is there, and stays so. */
const brokerOfSample = async (): Promise<Broker> => {
  const read = async (key: string) => {
    const value = await jsonPath("secret", "rabbitmq-credentials", `{.data.${key}}`);
    return Buffer.from(value, "base64").toString();
  };
  const managementUrl = `http://rabbitmq-service.${testCluster.namespace}:15672`;
  return { managementUrl, username: await read("username"), password: await read("password") };
};

/** Takes connections and says nothing: what waits for an answer waits until its own deadline. */
const startSilence = async (): Promise<{ server: Server; url: string }> => {
  const route = await run("docker", ["exec", cluster.node, "ip", "route", "show", "default"]);
  const host = /via (\S+)/.exec(route)?.[1] ?? assert.fail(`no way out of the node: ${route}`);
  const server = createServer((socket) => socket.on("error", () => socket.destroy()));
  server.listen(0, host);
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { server, url: `https://${host}:${port}/` };
};

/** Every write of a ConfigMap in the namespace takes two seconds and fails: each run of its platform is slow and in vain. */
const poison = async (url: string): Promise<void> => {
  const rule = {
    apiGroups: [""],
    apiVersions: ["v1"],
    resources: ["configmaps"],
    operations: ["CREATE", "UPDATE"],
  };
  const webhook = {
    name: "silence.jatra.dev",
    clientConfig: { url },
    rules: [rule],
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": poisoned } },
    failurePolicy: "Fail",
    timeoutSeconds: 2,
    sideEffects: "None",
    admissionReviewVersions: ["v1"],
  };
  await kubectlApply(
    JSON.stringify({
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingWebhookConfiguration",
      metadata: { name: WEBHOOK },
      webhooks: [webhook],
    }),
  );
};

const heal = (): Promise<string> =>
  kubectl("delete", "validatingwebhookconfiguration", WEBHOOK, "--ignore-not-found");

/** Everything that the operator has made there, as `kind/name`. */
const childrenOf = async (namespace: string): Promise<ReadonlySet<string>> => {
  const kinds = "serviceaccount,secret,configmap,service,deployment,job,networkpolicy";
  const selector = "--selector=app.kubernetes.io/managed-by=jatra-operator";
  const names = await kubectlAt(cluster, ["-n", namespace, "get", kinds, selector, "-o", "name"]);
  return new Set(
    names
      .trim()
      .split("\n")
      // A Job's name says of which passwords it is.
      .map((name) => name.replace(/(bootstrap)-[0-9a-f]{10}$/, "$1")),
  );
};

const degradedWith = async (namespace: string): Promise<string> => {
  const path = "{.status.conditions[?(@.type=='Degraded')].message}";
  const args = ["-n", namespace, "get", "jatraplatform", "jatra", "-o", `jsonpath=${path}`];
  return await kubectlAt(cluster, args);
};

describe("five platforms under one operator, two of them in trouble", function () {
  this.timeout(120_000);
  let silence: Server;
  let expected: ReadonlySet<string>;

  before(async () => {
    const { server, url } = await startSilence();
    silence = server;
    await poison(url);
    const broker = await brokerOfSample();
    const all = [poisoned, refused, ...sound];
    await createNamespaces(cluster, all, broker, noPods);
    // The gateway of the sample platform has that port.
    const taken = { gateway: { type: "NodePort", nodePort: 30_000 } };
    await createPlatforms(cluster, all, broker, (name) => (name === refused ? taken : {}));
  });

  after(async () => {
    await heal();
    await deleteNamespaces(cluster);
    silence.close();
  });

  const isSound = async () => {
    const good = await withCondition(cluster, "Degraded", "False");
    assert.deepEqual(
      sound.filter((name) => !good.includes(name)),
      [],
    );
  };

  it("makes the others, whatever becomes of the two", async () => {
    await eventually("nothing is wrong with three of them", 60_000, isSound);
    expected = await childrenOf(sound[0] ?? "");
    assert.ok(expected.size > 60, `only ${expected.size} children`);
    for (const name of sound) assert.deepEqual(await childrenOf(name), expected);
    assert.ok((await withCondition(cluster, "MessagingReady", "True")).includes(sound[0] ?? ""));
  });

  it("makes all other children beside one that is refused, and names that one", async () => {
    await eventually("it is named", 30_000, async () => {
      assert.match(await degradedWith(refused), /^Service\/api-gateway: .*already allocated/);
    });
    const missing = [...expected].filter((name) => name !== "service/api-gateway");
    assert.deepEqual(await childrenOf(refused), new Set(missing));
  });

  it("makes all other children beside those that can't be written, and names these", async () => {
    await eventually("they are named", 30_000, async () => {
      assert.match(
        await degradedWith(poisoned),
        /ConfigMap\/jatra-services: .*silence\.jatra\.dev/,
      );
    });
    const others = [...expected].filter((name) => !name.startsWith("configmap/"));
    assert.deepEqual(await childrenOf(poisoned), new Set(others));
  });

  it("repairs the others while the poisoned one is tried again and again", async () => {
    await changeByHand(cluster, sound);
    await eventually("all is as it was", 10_000, async () => {
      assert.deepEqual(await changedByHand(cluster), []);
    });
    await isSound();
    assert.equal((await childrenOf(poisoned)).has("configmap/jatra-services"), false);
  });

  it("makes the rest as soon as it can", async () => {
    await heal();
    await eventually("everything is there", 60_000, async () => {
      assert.deepEqual(await childrenOf(poisoned), expected);
      assert.equal(await degradedWith(poisoned), "Nothing is wrong.");
    });
  });
});
