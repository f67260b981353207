import assert from "node:assert/strict";
import { stringify } from "yaml";
import { z } from "zod";
import { eventually } from "./support/eventually.ts";
import { kubectl, kubectlApply } from "./support/kubectl.ts";

/** A platform of its own: without its Secrets it starts no pod, so that it costs seconds. */
const NAMESPACE = "jatra-external";
const here = ["-n", NAMESPACE] as const;

const external = (name: string, more: object = {}) => ({
  type: "External",
  external: { host: `${name}.example`, secretRef: { name: `${name}-login` }, ...more },
});
const management = { url: "https://mq.example:15671", secretRef: { name: "mq-management" } };
const spec = {
  gateway: { type: "LoadBalancer" },
  postgres: external("db", { caSecretRef: { name: "authority" } }),
  redis: external("cache"),
  rabbitmq: external("mq", { management }),
};

const secret = (name: string, stringData: Readonly<Record<string, string>>) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace: NAMESPACE },
  stringData,
});

const apply = async (...objects: readonly object[]): Promise<void> => {
  for (const object of objects) await kubectlApply(stringify(object), NAMESPACE);
};

const patch = (change: object): Promise<string> => {
  const args = ["patch", "jatraplatform", "jatra", "--type=merge", ...here];
  return kubectl(...args, "-p", JSON.stringify({ spec: change }));
};

const statusSchema = z.object({
  gatewayURL: z.string(),
  conditions: z.array(z.object({ type: z.string(), status: z.string(), message: z.string() })),
});

/** A condition, once it has that status and its message matches. */
const condition = (type: string, status: string, message: RegExp) =>
  eventually(`${type} is ${status}`, 60_000, async () => {
    const args = ["get", "jatraplatform", "jatra", "-o", "jsonpath={.status}", ...here];
    const found = statusSchema.parse(JSON.parse(await kubectl(...args)));
    const one = found.conditions.find((candidate) => candidate.type === type);
    assert.equal(one?.status, status, one?.message);
    assert.match(one?.message ?? "", message);
    return found.gatewayURL;
  });

const objectSchema = z.object({ spec: z.record(z.string(), z.unknown()) });

/** The spec of the gateway's object of a kind. */
const specOf = async (kind: string) => {
  const json = await kubectl("get", kind, "api-gateway", "-o", "json", ...here);
  return objectSchema.parse(JSON.parse(json)).spec;
};

/** What a cloud's controller would write; kind has none. */
const giveAddress = async (kind: string): Promise<void> => {
  const given = JSON.stringify({ status: { loadBalancer: { ingress: [{ ip: "192.0.2.7" }] } } });
  const target = [kind, "api-gateway", "--subresource=status", "--type=merge", ...here];
  await kubectl("patch", ...target, "-p", given);
};

describe("a platform on stores of somebody else", () => {
  before(async () => {
    await apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
    const metadata = { name: "jatra", namespace: NAMESPACE };
    await apply({ apiVersion: "jatra.dev/v1alpha1", kind: "JatraPlatform", metadata, spec });
  });

  after(async () => {
    await kubectl("delete", "namespace", NAMESPACE, "--wait=false");
  });

  it("names the Secrets it lacks, then the keys, and starts nothing before they are right", async () => {
    const field = "spec\\.postgres\\.external\\.secretRef";
    await condition(
      "DatabaseReady",
      "False",
      new RegExp(`Secret db-login \\(${field}\\) doesn't exist`),
    );
    await condition("MessagingReady", "False", /Secret mq-login .*Secret mq-management /);
    await condition("Degraded", "True", /Secret authority .*Secret cache-login /);
    await apply(
      secret("db-login", { user: "admin", password: "of the admin" }),
      secret("authority", { "ca.crt": "no certificate" }),
    );
    await condition(
      "DatabaseReady",
      "False",
      /no value for key username: add it \(it has password, user\)/,
    );
    await condition(
      "Degraded",
      "True",
      /Secret authority .* has no PEM certificate in key ca\.crt/,
    );
    const workloads = await kubectl("get", "pods,jobs", "-o", "name", ...here);
    assert.equal(workloads, "");
  });

  it("asks for no way out that its NetworkPolicies would close", async () => {
    const types = "jsonpath={.items[*].spec.policyTypes[*]}";
    const found = await kubectl("get", "networkpolicy", "-o", types, ...here);
    assert.deepEqual([...new Set(found.split(" "))], ["Ingress"]);
  });

  it("refuses to make them its own", async () => {
    const words = /redis\.type can't change: make a new platform in another namespace/;
    await assert.rejects(patch({ redis: { type: "Embedded", external: null } }), words);
  });

  it("says what a LoadBalancer waits for, and has its address once there is one", async () => {
    assert.equal((await specOf("service"))["type"], "LoadBalancer");
    const inside = `http://api-gateway.${NAMESPACE}:3000`;
    const url = await condition("GatewayExposed", "False", /type LoadBalancer has no address yet/);
    assert.equal(url, inside);
    await giveAddress("service");
    assert.equal(
      await condition("GatewayExposed", "True", /has an address/),
      "http://192.0.2.7:3000",
    );
  });

  it("makes an Ingress with the host's certificate, and says what it lacks", async () => {
    const ingress = { host: "t.example.com", ingressClassName: "nginx", tlsSecretName: "t-tls" };
    await patch({ gateway: { type: "ClusterIP", ingress } });
    const url = await condition("GatewayExposed", "False", /No ingress controller of class nginx/);
    assert.equal(url, "https://t.example.com");
    assert.deepEqual(await specOf("ingress"), {
      ingressClassName: "nginx",
      rules: [
        {
          host: "t.example.com",
          http: {
            paths: [
              {
                backend: { service: { name: "api-gateway", port: { name: "http" } } },
                path: "/",
                pathType: "Prefix",
              },
            ],
          },
        },
      ],
      tls: [{ hosts: ["t.example.com"], secretName: "t-tls" }],
    });
    assert.equal((await specOf("service"))["type"], "ClusterIP");
    await giveAddress("ingress");
    await condition("GatewayExposed", "False", /Secret t-tls .* doesn't exist/);
    const certificate = secret("t-tls", { "tls.crt": "of the host", "tls.key": "of the host" });
    await apply({ ...certificate, type: "kubernetes.io/tls" });
    await condition("GatewayExposed", "True", /t\.example\.com leads to the gateway/);
  });
});
