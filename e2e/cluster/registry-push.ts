import { Failure } from "./failure.ts";
import { operatorTag, storeReferences, type PlatformImages } from "./platform-images.ts";
import { CommandFailed, run } from "./run-command.ts";

/** Pushes all images to `<prefix>/<name>`, for a cluster that isn't on this machine. */
export async function pushImages(images: PlatformImages, prefix: string): Promise<void> {
  const stores = new Map(storeReferences(images, prefix));
  for (const { name, image } of images.stores) await push(image, stores.get(name) ?? image);
  for (const { name, image } of images.services) {
    await push(image, `${prefix}/${name}:${images.platformTag}`);
  }
  const { name, image } = images.operator;
  await push(image, `${prefix}/${name}:${operatorTag(images)}`);
}

async function push(image: string, target: string): Promise<void> {
  await run("docker", ["tag", image, target]);
  try {
    await run("docker", ["push", target]);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new Failure(
      `${target} can't be pushed: check that you are logged in there (\`docker login\`) and run this again.`,
      { cause: error },
    );
  }
}
