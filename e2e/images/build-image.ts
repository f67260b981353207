import { cache } from "../cluster/folders.ts";
import { Failure } from "../cluster/failure.ts";
import { imageExists } from "../cluster/registry.ts";
import { CommandFailed, run } from "../cluster/run-command.ts";

export type ImageBuild = {
  /** Name with the tag, which is a hash of the content: an image that exists is never built again. */
  image: string;
  /** Folder with everything that the Dockerfile copies. */
  context: string;
  dockerfile?: string;
  buildArgs?: Record<string, string>;
};

/** Builds an image unless Docker has it; answers whether it was built. */
export async function buildImage(build: ImageBuild): Promise<boolean> {
  if (await imageExists(build.image)) return false;
  const logFile = `${cache("logs")}/${build.image.replaceAll(/[/:]/g, "-")}.log`;
  const args = Object.entries(build.buildArgs ?? {}).flatMap(([name, value]) => [
    "--build-arg",
    `${name}=${value}`,
  ]);
  if (build.dockerfile) args.push("--file", build.dockerfile);
  try {
    await run("docker", ["build", "--tag", build.image, ...args, build.context], {
      logFile,
      // The builder without buildx is on every machine; nothing here needs the newer one.
      env: { DOCKER_BUILDKIT: "0" },
    });
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new Failure(
      `The image ${build.image} can't be built; the reason is at the end of ${logFile}.`,
    );
  }
  return true;
}
