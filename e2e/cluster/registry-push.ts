import { Failure } from "./failure.ts";
import { operatorTag, storeReferences, type PlatformImages } from "./platform-images.ts";
import { CommandFailed, run } from "./run-command.ts";

/**
 * A repository as `docker tag` takes it: `host[:port]/path` or `path` on Docker Hub. With a scheme, a tag or capitals Docker
 * would refuse it in words about something else.
 */
const REPOSITORY =
  /^([a-zA-Z0-9.-]+(:\d+)?\/)?[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/;

/** What people may name as a repository, without its last slash. Throws a sentence for anything else. */
export function repositoryOf(text: string): string {
  const repository = text.replace(/\/+$/, "");
  if (REPOSITORY.test(repository)) return repository;
  throw new Failure(
    `«${text}» is no repository: write host/path in lower case, without https:// and without a tag, ` +
      "such as registry.example.com/jatra.",
  );
}

/**
 * Pushes all images to `<prefix>/<name>`: each under a tag that is a hash of content, so that what is there already is only looked
 * at. Answers how many.
 */
export async function pushImages(images: PlatformImages, prefix: string): Promise<number> {
  const targets = pushTargets(images, prefix);
  for (const [image, target] of targets) await push(image, target);
  return targets.length;
}

/** Each image as Docker has it, and what it is pushed as. */
export function pushTargets(images: PlatformImages, prefix: string): [string, string][] {
  const stores = new Map(storeReferences(images, prefix));
  const { operator, platformTag } = images;
  return [
    ...images.stores.map(
      ({ name, image }) => [image, stores.get(name) ?? image] as [string, string],
    ),
    ...images.services.map(
      ({ name, image }) => [image, `${prefix}/${name}:${platformTag}`] as [string, string],
    ),
    [operator.image, `${prefix}/${operator.name}:${operatorTag(images)}`],
  ];
}

async function push(image: string, target: string): Promise<void> {
  await run("docker", ["tag", image, target]);
  try {
    await run("docker", ["push", target]);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new Failure(`${target} can't be pushed: ${reasonOf(error.output, target)}`, {
      cause: error,
    });
  }
}

/** Docker's answers to a push that went wrong, and what to do about each. */
export function reasonOf(output: string, target: string): string {
  const [host = ""] = target.split("/");
  const isNamed = /[.:]/.test(host) || host === "localhost";
  const registry = isNamed ? host : "Docker Hub";
  if (/server gave HTTP response to HTTPS client/i.test(output)) {
    return `${registry} speaks plain HTTP: add it to Docker's insecure-registries.`;
  }
  if (/certificate/i.test(output)) {
    return `Docker doesn't trust the certificate of ${registry}: give it the authority's in /etc/docker/certs.d/${host}.`;
  }
  if (/connection refused|no such host|timeout|no route|unreachable|EOF/i.test(output)) {
    return `${registry} doesn't answer: check its name and port, and that it runs.`;
  }
  if (/denied|unauthorized|authentication|no basic auth/i.test(output)) {
    return (
      `${registry} doesn't let you: run docker login ${isNamed ? host : ""}`.trimEnd() +
      " and this again."
    );
  }
  return output.trim().split("\n").at(-1) ?? "";
}
