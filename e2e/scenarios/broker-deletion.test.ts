import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { stringify } from "yaml";
import { eventually } from "./support/eventually.ts";
import { jsonPath, kubectl, kubectlApply } from "./support/kubectl.ts";
import { secretValues } from "./support/secret-values.ts";
import { testCluster } from "./support/test-cluster.ts";

/** Of platforms that start no pod: only their broker is there. */
const NAMESPACE = "jatra-broker";
const here = ["-n", NAMESPACE] as const;
const LOGIN = { username: "keeper", password: randomUUID() };
const SHARED = `http://rabbitmq-service.${testCluster.namespace}:15672`;
/** RabbitMQ boots in 8 s, longer beside other work. */
const BOOT_MS = 180_000;
/** Less than the operator's patience with a broker that doesn't answer (60 s). */
const AT_ONCE_SECONDS = 45;
/** The patience, and the distance of the last of the tries within it. */
const PATIENT_SECONDS = 150;
/** Twice what it took on a busy cluster. */
const REACHED_MS = 110_000;
/** For what is left then; less than this test's calls to kubectl are given. */
const NAMESPACE_SECONDS = 110;

const secret = (name: string, stringData: Readonly<Record<string, string>>) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace: NAMESPACE },
  stringData,
});

const broker = (image: string) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "broker", namespace: NAMESPACE },
  spec: {
    securityContext: { runAsUser: 999, runAsGroup: 999, fsGroup: 999 },
    terminationGracePeriodSeconds: 1,
    containers: [
      {
        name: "rabbitmq",
        image,
        imagePullPolicy: "IfNotPresent",
        env: [
          { name: "RABBITMQ_DEFAULT_USER", value: LOGIN.username },
          { name: "RABBITMQ_DEFAULT_PASS", value: LOGIN.password },
          { name: "RABBITMQ_ERLANG_COOKIE", value: "of-the-test" },
          { name: "ERL_MAX_PORTS", value: "65536" },
        ],
        readinessProbe: { tcpSocket: { port: 15_672 }, periodSeconds: 1 },
        resources: { requests: { cpu: "20m", memory: "64Mi" } },
      },
    ],
  },
});

const external = (more: object) => ({
  type: "External",
  external: { host: "store.example", secretRef: { name: "login" }, ...more },
});

/** A platform with everything external, of which only the broker is there. */
const platform = (managementUrl: string) => ({
  apiVersion: "jatra.dev/v1alpha1",
  kind: "JatraPlatform",
  metadata: { name: "jatra", namespace: NAMESPACE },
  spec: {
    deletionPolicy: "Delete",
    gateway: { type: "ClusterIP" },
    postgres: external({ secretRef: { name: "missing" } }),
    redis: external({ secretRef: { name: "missing" } }),
    rabbitmq: external({
      tls: false,
      management: { url: managementUrl, secretRef: { name: "login" } },
    }),
  },
});

const makePlatform = async (managementUrl: string): Promise<void> => {
  await kubectlApply(stringify(platform(managementUrl)), NAMESPACE);
  const ready = "jsonpath={.status.conditions[?(@.type=='MessagingReady')].status}";
  await eventually("the topology is declared", BOOT_MS, async () => {
    assert.equal(await kubectl("get", "jp", "jatra", "-o", ready, ...here), "True");
  });
};

const finalizers = () =>
  kubectl("get", "jp", "jatra", "-o", "jsonpath={.metadata.finalizers}", ...here);

const patch = (change: object): Promise<string> =>
  kubectl("patch", "jp", "jatra", "--type=merge", "-p", JSON.stringify({ spec: change }), ...here);

const deletePlatform = (seconds = AT_ONCE_SECONDS): Promise<string> =>
  kubectl("delete", "jp", "jatra", `--timeout=${seconds}s`, ...here);

const noteOf = async (reason: string): Promise<string> => {
  const args = ["get", "events", "--field-selector", `reason=${reason}`, ...here];
  return await kubectl(...args, "-o", "jsonpath={.items[*].message}");
};

/** Names of what somebody made in a broker. */
const namesIn = async (namespace: string, pod: string, what: "queues" | "exchanges") => {
  const args = ["exec", pod, "-n", namespace, "--", "rabbitmqctl", "--quiet", `list_${what}`];
  const lines = (await kubectl(...args, "name", "--no-table-headers")).split("\n");
  return lines.filter((name) => name !== "" && !name.startsWith("amq."));
};

describe("a platform that is deleted, and its broker of somebody else", function () {
  this.timeout(300_000);
  let url = "";

  before(async () => {
    const image = await jsonPath(
      "statefulset",
      "rabbitmq",
      "{.spec.template.spec.containers[0].image}",
    );
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } };
    for (const object of [namespace, secret("login", LOGIN), broker(image)]) {
      await kubectlApply(stringify(object), NAMESPACE);
    }
    await kubectl("wait", "--for=condition=Ready", "pod/broker", "--timeout=110s", ...here);
    const address = await kubectl(
      "get",
      "pod",
      "broker",
      "-o",
      "jsonpath={.status.podIP}",
      ...here,
    );
    url = `http://${address}:15672`;
  });

  after(async () => {
    await kubectl("delete", "namespace", NAMESPACE, "--ignore-not-found", "--wait=false");
  });

  it("is held by a finalizer only as long as its policy is Delete", async () => {
    await makePlatform(url);
    assert.equal(await finalizers(), '["jatra.dev/broker"]');
    await patch({ deletionPolicy: "Retain" });
    await eventually("the finalizer is gone", 10_000, async () => {
      assert.equal(await finalizers(), "");
    });
    await patch({ deletionPolicy: "Delete" });
    await eventually("it is back", 10_000, async () => {
      assert.equal(await finalizers(), '["jatra.dev/broker"]');
    });
  });

  it("takes its queues and exchanges along, and nothing of others", async () => {
    const ctl = ["exec", "broker", ...here, "--", "rabbitmqctl", "--quiet", "eval"];
    const declare = `rabbit_amqqueue:declare(rabbit_misc:r(<<"/">>, queue, <<"of.others">>), true, false, [], none, <<"keeper">>).`;
    await kubectl(...ctl, declare);
    const declared = await namesIn(NAMESPACE, "broker", "queues");
    assert.ok(declared.length > 20 && declared.includes("of.others"), declared.join());
    await deletePlatform();
    assert.deepEqual(await namesIn(NAMESPACE, "broker", "queues"), ["of.others"]);
    assert.deepEqual(await namesIn(NAMESPACE, "broker", "exchanges"), []);
    assert.match(await noteOf("BrokerCleared"), /Took 25 queues, \d exchanges and \d+ policies/);
  });

  it("leaves a broker that another platform uses as it is", async () => {
    const { username = "", password = "" } = await secretValues("rabbitmq-credentials");
    await kubectlApply(stringify(secret("login", { username, password })), NAMESPACE);
    await makePlatform(SHARED);
    const before = await namesIn(testCluster.namespace, "rabbitmq-0", "queues");
    await deletePlatform();
    assert.deepEqual(await namesIn(testCluster.namespace, "rabbitmq-0", "queues"), before);
    assert.match(await noteOf("BrokerCleared"), /keeps its queues: jatra\/jatra uses them, too/);
  });

  it("goes when the broker doesn't answer, too, and says what it left", async () => {
    await kubectlApply(stringify(secret("login", LOGIN)), NAMESPACE);
    await makePlatform(url);
    await kubectl("delete", "pod", "broker", "--now", ...here);
    await deletePlatform(PATIENT_SECONDS);
    assert.match(await noteOf("BrokerLeft"), /were left in the broker, tried for 60 s/);
  });

  it("doesn't hold up its namespace by that", async () => {
    await kubectlApply(stringify(platform(url)), NAMESPACE);
    await eventually("it has its finalizer", 10_000, async () => {
      assert.equal(await finalizers(), '["jatra.dev/broker"]');
    });
    await kubectl("delete", "namespace", NAMESPACE, "--wait=false");
    // The namespace's controller gets to the resource when it likes, after up to 50 s: from then on it is the operator's.
    await eventually("the namespace asks it to go", REACHED_MS, async () => {
      const args = ["jp", "jatra", "--ignore-not-found", "-o", "jsonpath={.metadata}", ...here];
      const metadata = await kubectl("get", ...args);
      assert.ok(metadata === "" || metadata.includes('"deletionTimestamp"'), metadata);
    });
    await kubectl("wait", "--for=delete", "jp/jatra", `--timeout=${AT_ONCE_SECONDS}s`, ...here);
    const gone = ["--for=delete", `namespace/${NAMESPACE}`, `--timeout=${NAMESPACE_SECONDS}s`];
    await kubectl("wait", ...gone);
  });
});
