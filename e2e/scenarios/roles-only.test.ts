import assert from "node:assert/strict";
import { join } from "node:path";
import { repository } from "../cluster/folders.ts";
import { CommandFailed, run } from "../cluster/run-command.ts";
import { eventually } from "./support/eventually.ts";
import { jsonPath, kubectl } from "./support/kubectl.ts";
import { patchPlatform, readPlatform } from "./support/rollout.ts";
import { testCluster } from "./support/test-cluster.ts";

const chart = join(repository, "charts/jatra-operator");
const system = ["-n", "jatra-system"];

/** The release as it is, but for the namespaces that it watches. */
const watch = async (namespaces: readonly string[]): Promise<void> => {
  const target = ["--kube-context", testCluster.context, "--namespace", "jatra-system"];
  const values = ["--reuse-values", "--set-json", `watchNamespaces=${JSON.stringify(namespaces)}`];
  await run("helm", ["upgrade", "jatra-operator", chart, ...target, ...values]);
  await kubectl("rollout", "status", "deployment/jatra-operator", "--timeout=110s", ...system);
};

/** Whether the operator's account may do so; `yes` or `no`. */
const may = async (...what: readonly string[]): Promise<string> => {
  const account = "--as=system:serviceaccount:jatra-system:jatra-operator";
  try {
    return (await kubectl("auth", "can-i", ...what, account)).trim();
  } catch (error) {
    if (error instanceof CommandFailed && error.exitCode === 1) return "no";
    throw error;
  }
};

describe("an operator with Roles alone", () => {
  before(async function () {
    this.timeout(180_000);
    await watch([testCluster.namespace]);
  });

  after(async function () {
    this.timeout(300_000);
    await patchPlatform({ services: { user: { autoscaling: { maxReplicas: null } } } });
    await watch([]);
    assert.equal(await may("list", "deployments", "--all-namespaces"), "yes");
  });

  it("has rights in its namespace and none elsewhere", async () => {
    assert.equal(await may("patch", "deployments"), "yes");
    assert.equal(await may("list", "deployments", "--all-namespaces"), "no");
    assert.equal(await may("get", "secrets", "-n", "kube-system"), "no");
    assert.equal(await may("list", "jatraplatforms.jatra.dev", "--all-namespaces"), "no");
    await assert.rejects(
      kubectl("get", "clusterrole", "jatra-system-jatra-operator"),
      /not found/i,
    );
  });

  it("does all its work: repairs, follows the spec, writes the status", async function () {
    this.timeout(240_000);
    await kubectl("delete", "configmap", "jatra-services");
    await eventually("repaired", 90_000, () => kubectl("get", "configmap", "jatra-services"));
    await patchPlatform({ services: { user: { autoscaling: { maxReplicas: 11 } } } });
    await eventually("the autoscaler follows", 60_000, async () => {
      assert.equal(await jsonPath("hpa", "user-service", "{.spec.maxReplicas}"), "11");
    });
    await eventually("the status is of the newest spec", 60_000, async () => {
      const { metadata, status } = await readPlatform();
      assert.equal(status.observedGeneration, metadata.generation);
    });
  });

  it("is never refused anything", async () => {
    const selector = "-l=app=jatra-operator";
    const log = await kubectl("logs", selector, "--tail=-1", "--prefix", ...system);
    assert.match(log, /operator started/);
    assert.doesNotMatch(log, /forbidden/i);
  });
});
