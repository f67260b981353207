import { existsSync } from "node:fs";
import { cp, mkdir, readdir, rm } from "node:fs/promises";
import { join, sep } from "node:path";
import { contentHash } from "../cluster/content-hash.ts";
import { cache, repository } from "../cluster/folders.ts";
import { buildAppBase } from "./app-dependencies.ts";
import { buildImage } from "./build-image.ts";
import type { BuiltImage } from "./store-images.ts";

/** Folders whose Deployment isn't called `<folder>-service`. */
const ownNames = new Set(["api-gateway", "payment-simulator"]);
/** What an image needs of a folder: not its tests, nor what npm may have put there. */
const leftOut = new Set(["test", "node_modules", "README.md", "Dockerfile"]);

/** Builds the images of all services and of the operator that Docker doesn't have; seconds each. */
export async function buildAppImages(): Promise<BuiltImage[]> {
  const base = await buildAppBase();
  const images: BuiltImage[] = [];
  for (const folder of await serviceFolders()) {
    const name = ownNames.has(folder) ? folder : `${folder}-service`;
    images.push(await buildAppImage(name, `services/${folder}`, base, { SERVICE: folder }));
  }
  images.push(await buildAppImage("jatra-operator", "operator", base));
  return images;
}

async function buildAppImage(
  name: string,
  folder: string,
  base: string,
  buildArgs: Record<string, string> = {},
): Promise<BuiltImage> {
  const dockerfile = join(folder.split("/")[0] ?? folder, "Dockerfile");
  const entries = (await readdir(join(repository, folder))).filter((entry) => !leftOut.has(entry));
  const paths = entries.map((entry) => join(folder, entry));
  const hash = await contentHash(repository, [...paths, dockerfile], [base]);
  const image = `jatra/${name}:${hash}`;
  const built = await buildImage({
    image,
    context: await stage(folder),
    dockerfile: join(repository, dockerfile),
    buildArgs: { BASE: base, ...buildArgs },
  });
  return { name, image, built };
}

/** Copies what belongs into the image: a context without tests keeps them from changing it. */
async function stage(folder: string): Promise<string> {
  const context = join(cache("contexts"), folder.replace("/", "-"));
  await rm(context, { recursive: true, force: true });
  await mkdir(context, { recursive: true });
  const source = join(repository, folder);
  await cp(source, context, {
    recursive: true,
    filter: (path) => !leftOut.has(path.slice(source.length).split(sep)[1] ?? ""),
  });
  return context;
}

/** A folder under services/ is a service once it can be started. */
async function serviceFolders(): Promise<string[]> {
  const folders = await readdir(join(repository, "services"));
  return folders
    .sort()
    .filter((name) => existsSync(join(repository, "services", name, "src/main.ts")));
}
