import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "../cluster/folders.ts";
import { CommandFailed, run } from "../cluster/run-command.ts";
import { conform, score } from "../manifests/check-manifests.ts";
import { writeSchemas } from "../manifests/strict-schemas.ts";
import { eventually } from "./support/eventually.ts";
import { kubectl } from "./support/kubectl.ts";
import { generations } from "./support/rollout.ts";
import { testCluster } from "./support/test-cluster.ts";

const chart = join(repository, "charts/jatra-operator");
const target = ["--kube-context", testCluster.context, "--namespace", "jatra-system"];

/** The ways to install it: one ClusterRole, Roles in named namespaces, and dashboards; monitors are in monitoring.test.ts. */
const VARIANTS = {
  "for the whole cluster": [],
  "for two namespaces": ["--set", "watchNamespaces={jatra,other}"],
  "with dashboards": ["--set", "metrics.dashboards.enabled=true"],
} as const;

const template = (values: readonly string[]) =>
  run("helm", ["template", "jatra-operator", chart, "--include-crds", ...target, ...values]);

/** Every kind of what the operator makes, but for Secrets, which nobody need print. */
const KINDS = [
  "serviceaccounts",
  "configmaps",
  "services",
  "statefulsets",
  "deployments",
  "jobs",
  "horizontalpodautoscalers.v2.autoscaling",
  "poddisruptionbudgets",
  "networkpolicies",
  "persistentvolumeclaims",
  "controllerrevisions",
  "jatraplatforms",
];

/** What kube-score calls critical and is meant so. */
const MEANT_SO = [
  // Tags are hashes of the content: there is nothing newer to pull under the same one.
  "container-image-pull-policy",
  // Roots are read-only, and an emptyDir that a process may fill has a sizeLimit.
  "container-ephemeral-storage-request-and-limit",
  // The images' own user, not root; a number above 10000 would need images built for it.
  "container-security-context-user-group-id",
  // Stores have one pod behind an ordinary Service, whose name is promised to people.
  "statefulset-has-servicename",
  // Of a live Deployment: it is the HPA that has set the count there.
  "deployment-targeted-by-hpa-does-not-have-replicas-configured",
  // Stores are asked by TCP, with another patience for readiness than for liveness.
  "pod-probes-identical",
  // Pods of Jobs listen to nothing; the operator's metrics are for any Prometheus.
  "pod-networkpolicy",
];

describe("the chart", () => {
  let folder = "";
  let schemas = "";

  before(async function () {
    this.timeout(300_000);
    folder = await mkdtemp(join(tmpdir(), "jatra-schemas-"));
    schemas = await writeSchemas(await kubectl("get", "--raw", "/openapi/v2"), folder);
  });

  after(async () => await rm(folder, { recursive: true, force: true }));

  it("passes helm lint", async () => {
    assert.match(await run("helm", ["lint", "--strict", chart]), /0 chart\(s\) failed/);
  });

  for (const [words, value] of [
    ["at '/replicas': minimum", "replicas=0"],
    ["at '/logLevel': value must be one of", "logLevel=loud"],
    ["additional properties 'imagge' not allowed", "imagge.tag=1"],
  ] as const) {
    it(`refuses a wrong value: ${value}`, async () => {
      await assert.rejects(template(["--set", value]), (error) => {
        assert.ok(error instanceof CommandFailed);
        assert.ok(error.message.includes(words), error.message);
        return true;
      });
    });
  }

  for (const [name, values] of Object.entries(VARIANTS)) {
    it(`has no field that the API server doesn't know, ${name}`, async () => {
      const { count, problems } = await conform(await template(values), schemas);
      assert.deepEqual(problems, []);
      assert.ok(count >= 9, `only ${count} objects`);
    });

    it(`has nothing that kube-score calls critical, ${name}`, async () => {
      assert.deepEqual((await score(await template(values), MEANT_SO)).critical, {});
    });
  }

  it("passes helm test where it is installed", async () => {
    const text = await run("helm", ["test", "jatra-operator", ...target], { timeoutMs: 180_000 });
    assert.match(text, /Phase: +Succeeded/);
  });

  it("makes objects with no field that the API server doesn't know", async function () {
    this.timeout(300_000);
    const live = await kubectl("get", KINDS.join(), "-o", "yaml");
    const { count, problems } = await conform(live, schemas);
    assert.deepEqual(problems, []);
    assert.ok(count > 100, `only ${count} objects`);
    const { critical, count: scored } = await score(live, MEANT_SO);
    assert.deepEqual(critical, {});
    assert.ok(scored > 50, `only ${scored} objects`);
  });

  it("is uninstalled without touching a platform, and goes on where it is installed again", async function () {
    this.timeout(300_000);
    const values = join(folder, "values.yaml");
    await writeFile(
      values,
      await run("helm", ["get", "values", "jatra-operator", ...target, "-o", "yaml"]),
    );
    const before = await generations();
    await run("helm", ["uninstall", "jatra-operator", "--wait", ...target]);
    try {
      const definition = "crd/jatraplatforms.jatra.dev";
      assert.equal(
        await kubectl("get", definition, "-o", "name"),
        `customresourcedefinition.apiextensions.k8s.io/jatraplatforms.jatra.dev\n`,
      );
      // Nobody repairs it now.
      await kubectl("delete", "configmap", "jatra-services");
    } finally {
      await run("helm", ["install", "jatra-operator", chart, ...target, "-f", values, "--wait"]);
    }
    await eventually("repaired", 60_000, () => kubectl("get", "configmap", "jatra-services"));
    assert.deepEqual(await generations(), before);
  });

  it("would hear of an unknown field and of a root user", async () => {
    const pod = (spec: string) => `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: ${spec}\n`;
    const wrong = pod("{containers: [{name: a, image: 'a:1', imagge: b}]}");
    assert.equal((await conform(wrong, schemas)).problems.length, 1);
    const { critical } = await score(wrong, MEANT_SO);
    assert.ok("container-resources" in critical, JSON.stringify(critical));
  });
});
