import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { contentHash } from "../cluster/content-hash.ts";
import { cache, repository } from "../cluster/folders.ts";
import { imageExists, pull, registryAnswers } from "../cluster/registry.ts";
import { buildImage } from "./build-image.ts";
import { debianBase } from "./debian-base.ts";

const pulled = "node:24-trixie-slim";
const binary = "node_modules/node/bin/node";

/** Name of the image that services and operator start from: Node 24 on Debian 13. */
export async function nodeBase(): Promise<string> {
  const made = await madeImage();
  if (await imageExists(made)) return made;
  if ((await imageExists(pulled)) || (await registryAnswers())) {
    await pull(pulled);
    return pulled;
  }
  const context = join(cache("node24"));
  await mkdir(context, { recursive: true });
  await copyFile(join(repository, "e2e/images/node24/Dockerfile"), join(context, "Dockerfile"));
  await copyFile(join(repository, binary), join(context, "node"));
  await buildImage({ image: made, context, buildArgs: { BASE: await debianBase("trixie") } });
  return made;
}

async function madeImage(): Promise<string> {
  const recipe = await contentHash(repository, ["e2e/images/node24"], [process.version]);
  return `jatra.local/node24:${recipe}`;
}
