import assert from "node:assert/strict";
import { join } from "node:path";
import { stringify } from "yaml";
import { platformDashboard } from "../../operator/dashboards/platform-dashboard.ts";
import { MONITORING_KINDS } from "../../operator/src/metadata/resource-kinds.ts";
import { SERVICES } from "../../operator/src/metadata/services.ts";
import { repository } from "../cluster/folders.ts";
import { run } from "../cluster/run-command.ts";
import { eventually } from "./support/eventually.ts";
import { platformReady } from "./support/platform-ready.ts";
import { jsonPath, kubectl, kubectlApply, namesOf } from "./support/kubectl.ts";
import { testCluster } from "./support/test-cluster.ts";

/** The operator looks for the kinds twice a minute. */
const NOTICED_MS = 120_000;
const MONITORS = "servicemonitors.monitoring.coreos.com";
const RULES = "prometheusrules.monitoring.coreos.com";
const DEFINITIONS = `${MONITORS},${RULES}`;

/** The kinds as the Prometheus operator names them, with whatever in them: its own schemas aren't here. */
const definition = (kind: string, plural: string) => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${plural}.monitoring.coreos.com` },
  spec: {
    group: "monitoring.coreos.com",
    names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
    scope: "Namespaced",
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: { spec: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
          },
        },
      },
    ],
  },
});

const metricsOf = (service: string, port: string, path: string): Promise<string> =>
  kubectl(
    "get",
    "--raw",
    `/api/v1/namespaces/${testCluster.namespace}/services/${service}:${port}/proxy${path}`,
  );

const degraded = () =>
  jsonPath("jp", "jatra", "{.status.conditions[?(@.type=='Degraded')].status}");

describe("a Prometheus operator that comes later", () => {
  after(async () => {
    await kubectl("delete", "crd", "--ignore-not-found", ...DEFINITIONS.split(","));
  });

  it("is noticed: the platform gets monitors and rules without a restart of the operator", async () => {
    const restarts = () =>
      kubectl("get", "pods", "-n", "jatra-system", "-o", "name", "-l", "app=jatra-operator");
    const before = await restarts();
    for (const { kind, plural } of MONITORING_KINDS) {
      await kubectlApply(stringify(definition(kind, plural)));
    }
    await eventually("monitors and rules are there", NOTICED_MS, async () => {
      const names = SERVICES.map(({ name }) => `servicemonitor.monitoring.coreos.com/${name}`);
      const broker = "servicemonitor.monitoring.coreos.com/rabbitmq";
      assert.deepEqual((await namesOf(MONITORS)).toSorted(), [...names, broker].toSorted());
      assert.deepEqual(await namesOf(RULES), ["prometheusrule.monitoring.coreos.com/jatra"]);
    });
    assert.equal(await restarts(), before);
  });

  it("gets them back when they are changed or deleted by hand", async () => {
    const interval = "{.spec.endpoints[0].interval}";
    const slow = [{ op: "replace", path: "/spec/endpoints/0/interval", value: "1h" }];
    await kubectl("patch", MONITORS, "api-gateway", "--type=json", "-p", JSON.stringify(slow));
    await kubectl("delete", RULES, "jatra");
    await eventually("both are as they were", 10_000, async () => {
      assert.equal(await jsonPath(MONITORS, "api-gateway", interval), "30s");
      assert.equal((await namesOf(RULES)).length, 1);
    });
  });

  it("takes the chart's own", async () => {
    const chart = join(repository, "charts/jatra-operator");
    const values = "metrics.serviceMonitor=true,metrics.rules=true,metrics.labels.release=p";
    const args = ["template", "jatra-operator", chart, "-n", "jatra-system", "--set", values];
    const rendered = await run("helm", args);
    const dry = ["apply", "--server-side", "--dry-run=server", "--force-conflicts", "-f", "-"];
    const said = await run("kubectl", ["--context", testCluster.context, ...dry], {
      input: rendered,
    });
    assert.match(
      said,
      /servicemonitor\.monitoring\.coreos\.com\/jatra-operator serverside-applied/,
    );
    assert.match(
      said,
      /prometheusrule\.monitoring\.coreos\.com\/jatra-operator serverside-applied/,
    );
  });

  it("that goes leaves nothing wrong behind", async () => {
    await kubectl("delete", "crd", ...DEFINITIONS.split(","));
    const since = new Date().toISOString();
    await eventually("the operator has noticed", NOTICED_MS, async () => {
      const log = [
        "logs",
        "-n",
        "jatra-system",
        "-l",
        "app=jatra-operator",
        `--since-time=${since}`,
      ];
      assert.match(await kubectl(...log), /monitoring kinds have changed/);
    });
    await eventually("nothing is wrong any more", 60_000, async () => {
      assert.equal(await degraded(), "False");
    });
  });
});

describe("what the platform's dashboard asks for", () => {
  it("is told by the running services, and each queue by RabbitMQ", async () => {
    await platformReady(300_000);
    const texts = await Promise.all(
      SERVICES.map(({ name }) => metricsOf(name, "http", "/metrics")),
    );
    const broker = await metricsOf("rabbitmq-service", "metrics", "/metrics/per-object");
    assert.match(broker, /^rabbitmq_queue_messages\{[^}]*queue="payment\.processing\.queue"\} \d/m);
    const told = new Set(
      [...texts, broker].flatMap((text) =>
        [...text.matchAll(/^# HELP (\S+)/gm)].map(([, name]) => name ?? ""),
      ),
    );
    const asked = platformDashboard.rows
      .flatMap(({ panels }) => panels.flatMap(({ queries }) => Object.values(queries)))
      .flatMap((query) =>
        [...query.matchAll(/([a-z_]+)\{namespace=/g)].map(([, name]) => name ?? ""),
      )
      // The operator's own, which its test has.
      .filter((name) => !name.startsWith("jatra_hpa_"));
    const missing = asked.filter(
      (name) => !told.has(name) && !told.has(name.replace(/_(bucket|count|sum)$/, "")),
    );
    assert.ok(asked.length > 15, `only ${asked.length}`);
    assert.deepEqual([...new Set(missing)], []);
  });
});
