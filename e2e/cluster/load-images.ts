import { Failure } from "./failure.ts";
import { CommandFailed, run } from "./run-command.ts";

/**
 * Brings images from Docker into a kind node, those that it lacks, in one go: shared layers travel once.
 * By `ctr`, because `kind load` needs crictl, which the built node doesn't have. Answers how many it brought.
 */
export async function loadImages(node: string, images: readonly string[]): Promise<number> {
  const present = await imagesInNode(node);
  const missing = images.filter((image) => !present.has(fullName(image)));
  if (missing.length === 0) return 0;
  const load = `docker save ${missing.join(" ")} | docker exec -i ${node} ctr -n k8s.io images import -`;
  try {
    await run("bash", ["-o", "pipefail", "-c", load]);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new Failure(`The images can't be loaded into the node ${node}: ${error.message}.`);
  }
  return missing.length;
}

/**
 * Gives images of the node further names. The operator asks for every image under one tag, while each one is built
 * and loaded under the hash of its own content.
 */
export async function tagInNode(node: string, tags: ReadonlyMap<string, string>): Promise<void> {
  const present = await imagesInNode(node);
  const missing = [...tags].filter(([, tag]) => !present.has(fullName(tag)));
  if (missing.length === 0) return;
  const script = missing.map(
    ([image, tag]) => `ctr -n k8s.io images tag --force ${fullName(image)} ${fullName(tag)}`,
  );
  await run("docker", ["exec", node, "bash", "-ec", script.join("\n")]);
}

async function imagesInNode(node: string): Promise<Set<string>> {
  const list = await run("docker", ["exec", node, "ctr", "-n", "k8s.io", "images", "ls", "-q"]);
  return new Set(list.trim().split("\n"));
}

/** containerd has no default registry: it wants the name that Docker leaves out. */
function fullName(image: string): string {
  const first = image.split("/")[0] ?? "";
  return first.includes(".") || first.includes(":") ? image : `docker.io/${image}`;
}
