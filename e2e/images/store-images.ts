import { join } from "node:path";
import { contentHash } from "../cluster/content-hash.ts";
import { repository } from "../cluster/folders.ts";
import { buildImage } from "./build-image.ts";
import { debianBase } from "./debian-base.ts";

/** The stores, by the name of their Deployment or StatefulSet and of the folder of their Dockerfile. */
export const storeNames = ["postgres", "pgbouncer", "redis", "rabbitmq"] as const;
export type StoreName = (typeof storeNames)[number];

export type BuiltImage = { name: string; image: string; built: boolean };

/** Builds the images of all stores that Docker doesn't have yet; 1.5 min from nothing. */
export async function buildStoreImages(): Promise<BuiltImage[]> {
  const base = await debianBase("trixie");
  const images: BuiltImage[] = [];
  for (const name of storeNames) images.push(await buildStoreImage(name, base));
  return images;
}

async function buildStoreImage(name: StoreName, base: string): Promise<BuiltImage> {
  const folder = join("e2e/images", name);
  const image = `jatra/${name}:${await contentHash(repository, [folder], [base])}`;
  const built = await buildImage({
    image,
    context: join(repository, folder),
    buildArgs: { BASE: base },
  });
  return { name, image, built };
}
