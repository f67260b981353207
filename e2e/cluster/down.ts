import { rm } from "node:fs/promises";
import { stopStores } from "../images/store-containers.ts";
import { dockerAnswers } from "./docker-engine.ts";
import { cacheFolder } from "./folders.ts";
import { uninstallOperator } from "./install-operator.ts";
import { deleteCluster } from "./kind-cluster.ts";
import { checkContext, kubectl } from "./kubectl.ts";
import { GOES_ON, runMain } from "./main.ts";
import { downOptions, type DownOptions } from "./options.ts";
import { phase, say } from "./progress.ts";
import { run } from "./run-command.ts";
import { ensureTools } from "./tools.ts";

const clusterName = "jatra";

await runMain(() => down(downOptions(process.argv.slice(2))), GOES_ON);

async function down(options: DownOptions): Promise<void> {
  if (options.context) {
    await removeFrom(options.context);
    return;
  }
  if (!(await dockerAnswers())) {
    say(
      "No Docker daemon answers, so no cluster runs; start it first if its data is to go as well.",
    );
    if (options.purge) await purgeCache();
    return;
  }
  await phase("cluster removed", async (note) => {
    await ensureTools(["kind"]);
    if (!(await deleteCluster(clusterName))) note("there was none");
  });
  if (options.purge) {
    await phase("test stores removed", () => stopStores());
    await phase("images removed", removeImages);
    await purgeCache();
  }
}

/** From a cluster that isn't ours only what `up` put there. */
async function removeFrom(context: string): Promise<void> {
  await ensureTools(["kubectl", "helm"]);
  await checkContext(context);
  const target = ["jatraplatform", "jatra", "--namespace", "jatra"];
  await phase("platform removed", async () => {
    await kubectl({ context }, ["delete", ...target, "--ignore-not-found", "--timeout=120s"], {
      timeoutMs: 150_000,
    });
  });
  await phase("operator removed", () => uninstallOperator({ context }));
}

async function removeImages(): Promise<void> {
  const list = await run("docker", ["images", "--format", "{{.Repository}}:{{.Tag}}"]);
  const ours = list.split("\n").filter((name) => /^jatra(\.local)?\//.test(name));
  if (ours.length > 0) await run("docker", ["rmi", "--force", ...ours]);
}

async function purgeCache(): Promise<void> {
  await phase("cache removed", () => rm(cacheFolder, { recursive: true, force: true }));
}
