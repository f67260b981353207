/**
 * Builds one image for Tilt and brings it into the kind node: `node e2e/tilt/build-image.ts NAME REFERENCE CONTEXT`, such as
 * `search-service jatra/search-service:tilt-1 kind-jatra`. By the same recipe as `npm run up`; of a service the code is
 * writable, so that live update can copy into it.
 */
import { join } from "node:path";
import { buildAppImages } from "../images/app-images.ts";
import { Failure } from "../cluster/failure.ts";
import { repository } from "../cluster/folders.ts";
import { clusterOf } from "../cluster/kind-cluster.ts";
import { loadImages } from "../cluster/load-images.ts";
import { runMain } from "../cluster/main.ts";
import { run } from "../cluster/run-command.ts";

/** Copying stays out of the operator: it is built anew, which takes as long as its pod needs to start. */
const withoutLiveUpdate = "jatra-operator";

export const buildForTilt = async (
  name: string,
  reference: string,
  context: string,
): Promise<void> => {
  const images = await buildAppImages();
  const found = images.find((image) => image.name === name);
  if (!found) throw new Failure(`There is no image ${name}; Tiltfile names one that is not built.`);
  if (name === withoutLiveUpdate) await run("docker", ["tag", found.image, reference]);
  else await makeWritable(found.image, reference);
  await loadImages(clusterOf(context.replace(/^kind-/, "")).node, [reference]);
};

const makeWritable = async (image: string, reference: string): Promise<void> => {
  const folder = join(repository, "e2e/tilt");
  const args = ["build", "--quiet", "--build-arg", `IMAGE=${image}`, "--tag", reference];
  const env = { DOCKER_BUILDKIT: "0" };
  await run("docker", [...args, "--file", join(folder, "Dockerfile"), folder], { env });
};

const [name, reference, context] = process.argv.slice(2);
await runMain(async () => {
  if (name === undefined || reference === undefined || context === undefined) {
    throw new Failure("Usage: node e2e/tilt/build-image.ts NAME REFERENCE CONTEXT.");
  }
  await buildForTilt(name, reference, context);
});
