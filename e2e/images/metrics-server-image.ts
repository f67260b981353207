import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { cache, repository } from "../cluster/folders.ts";
import { goInstall } from "../cluster/go-build.ts";
import { imageExists, pull, registryAnswers } from "../cluster/registry.ts";
import { versions } from "../cluster/versions.ts";
import { buildImage } from "./build-image.ts";

const pulled = `registry.k8s.io/metrics-server/metrics-server:v${versions.metricsServer}`;
const made = `jatra.local/metrics-server:v${versions.metricsServer}`;

/** Name of metrics-server's image, pulled where a registry answers, else built (2.5 min with cold caches). */
export async function metricsServerImage(): Promise<string> {
  if (await imageExists(made)) return made;
  if ((await imageExists(pulled)) || (await registryAnswers())) {
    await pull(pulled);
    return pulled;
  }
  const module = "sigs.k8s.io/metrics-server/cmd/metrics-server";
  const binary = await goInstall(module, versions.metricsServer);
  const context = cache("metrics-server");
  await mkdir(context, { recursive: true });
  const dockerfile = join(repository, "e2e/images/metrics-server/Dockerfile");
  await copyFile(dockerfile, join(context, "Dockerfile"));
  await copyFile(binary, join(context, "metrics-server"));
  await buildImage({ image: made, context, buildArgs: { BASE: "scratch" } });
  return made;
}
