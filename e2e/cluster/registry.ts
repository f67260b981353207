import { outputOf, run, CommandFailed } from "./run-command.ts";
import { Failure } from "./failure.ts";

const probeImage = "hello-world:latest"; // 13 kB; through the daemon, so its mirrors and proxies count
const probeTimeoutMs = 20_000; // a name that doesn't resolve fails at once; this is for a network that drops
const pullTimeoutMs = 15 * 60_000; // the node image is 500 MB

let answers: Promise<boolean> | undefined;

/** Whether a container registry can be pulled from. Tried once a run. */
export function registryAnswers(): Promise<boolean> {
  answers ??= probe();
  return answers;
}

/** Pulls an image, unless it is here already. */
export async function pull(image: string): Promise<void> {
  if (await imageExists(image)) return;
  try {
    await run("docker", ["pull", image], { timeoutMs: pullTimeoutMs });
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new Failure(
      `The image ${image} can't be pulled though a registry answers; ` +
        `run \`docker pull ${image}\` to see why, then run this again.`,
    );
  }
}

/** Whether Docker has this image. */
export async function imageExists(image: string): Promise<boolean> {
  return (
    (await outputOf("docker", ["image", "inspect", "--format", "{{.Id}}", image])) !== undefined
  );
}

async function probe(): Promise<boolean> {
  const done = await outputOf("docker", ["pull", probeImage], { timeoutMs: probeTimeoutMs });
  return done !== undefined;
}
