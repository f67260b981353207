import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { services } from "@jatra/contracts/service-names.ts";
import { z } from "zod";
import { repository } from "../cluster/folders.ts";
import { run } from "../cluster/run-command.ts";
import { buildOf, evaluateTiltfile, type TiltCall } from "../tilt/evaluate-tiltfile.ts";
import { api } from "./support/api.ts";
import { eventually } from "./support/eventually.ts";
import { kubectl } from "./support/kubectl.ts";
import { patchPlatform } from "./support/rollout.ts";
import { testCluster } from "./support/test-cluster.ts";

const podSchema = z.object({
  metadata: z.object({ name: z.string(), deletionTimestamp: z.string().optional() }),
  spec: z.object({ containers: z.array(z.object({ image: z.string() })) }),
  status: z.object({ phase: z.string() }),
});

/** Pods that run the image and are to stay: the ones of before may still be going. */
const podsOf = async (app: string, image: string): Promise<string[]> => {
  const json = await kubectl("get", "pods", "-l", `app=${app}`, "-o", "json");
  const { items } = z.object({ items: z.array(podSchema) }).parse(JSON.parse(json));
  return items
    .filter(({ metadata, status }) => !metadata.deletionTimestamp && status.phase === "Running")
    .filter(({ spec }) => spec.containers[0]?.image === image)
    .map(({ metadata }) => metadata.name);
};

/** What Tilt does with a `sync`: the folder's files, as a tar, into the container. */
const copyInto = async (pod: string, from: string, to: string): Promise<void> => {
  const context = `--context ${testCluster.context} -n ${testCluster.namespace}`;
  const command = `tar -C ${from} -cf - . | kubectl ${context} exec -i ${pod} -- tar -C ${to} -xf - --no-same-owner --touch`;
  await run("bash", ["-o", "pipefail", "-c", command]);
};

describe("the inner loop", () => {
  let calls: TiltCall[];

  before(async function () {
    this.timeout(600_000);
    calls = await evaluateTiltfile(testCluster.context);
  });

  it("builds every service, the operator and applies chart and sample", () => {
    for (const { deployment } of Object.values(services)) {
      const { deps, syncs } = buildOf(calls, `jatra/${deployment}`);
      for (const path of [...deps, ...syncs.map(([from]) => from)]) {
        assert.ok(existsSync(join(repository, path)), path);
      }
    }
    buildOf(calls, "jatra/jatra-operator");
    const applied = calls.filter(({ name }) => name === "k8s_yaml").map(({ args }) => args[0]);
    assert.ok(applied.includes("crds/samples/development.yaml"));
    const forwarded = calls.filter(({ name }) => name === "local_resource");
    assert.ok(forwarded.length >= 3, `only ${forwarded.length} local resources`);
  });

  it("brings an edited string to the URL by live update's own steps", async () => {
    const image = "jatra/search-service";
    const { command, syncs } = buildOf(calls, image);
    const reference = `${image}:live-update-test`;
    await run("bash", ["-c", command], { cwd: repository, env: { EXPECTED_REF: reference } });
    await patchPlatform({ services: { search: { image: reference, development: true } } });
    await eventually("the operator has rolled the image out", 60_000, async () => {
      const path = "{.spec.template.spec.containers[0].image}";
      const running = await kubectl("get", "deploy/search-service", "-o", `jsonpath=${path}`);
      assert.equal(running, reference);
    });
    await kubectl("rollout", "status", "deployment/search-service", "--timeout=110s");

    const copy = await mkdtemp(join(tmpdir(), "jatra-live-"));
    for (const [from] of syncs) {
      await cp(join(repository, from), join(copy, from), { recursive: true });
    }
    const edited = join(copy, "services/contracts/src/problems.ts");
    const words = `No station of that name (${Date.now()})`;
    const before = await readFile(edited, "utf8");
    const after = before.replace("There is no such station", words);
    assert.notEqual(after, before);
    await writeFile(edited, after);
    const pods = await podsOf("search-service", reference);
    assert.ok(pods.length > 0);
    for (const pod of pods) {
      for (const [from, to] of syncs) await copyInto(pod, join(copy, from), to);
    }
    await eventually("the edited string answers", 90_000, async () => {
      const date = new Date().toISOString().slice(0, 10);
      const answer = await api("GET", `/api/search/journeys?from=XXX&to=CTG&date=${date}`);
      assert.equal(answer.body["title"], words);
    });
    await rm(copy, { recursive: true });
    await patchPlatform({ services: { search: { image: null, development: null } } });
    await kubectl("rollout", "status", "deployment/search-service", "--timeout=110s");
  });
});
