import { createHash } from "node:crypto";
import { buildAppImages } from "../images/app-images.ts";
import { buildStoreImages, type BuiltImage } from "../images/store-images.ts";

export type PlatformImages = {
  stores: BuiltImage[];
  services: BuiltImage[];
  operator: BuiltImage;
  /** The one tag under which the operator asks for all services: a hash over all of their images. */
  platformTag: string;
};

const operatorName = "jatra-operator";

/** Builds the images of stores, services and operator that Docker doesn't have. */
export async function buildImages(): Promise<PlatformImages> {
  const stores = await buildStoreImages();
  const apps = await buildAppImages();
  const operator = apps.find(({ name }) => name === operatorName);
  if (!operator) throw new Error("the operator's image is missing");
  const services = apps.filter(({ name }) => name !== operatorName);
  const hash = createHash("sha256");
  for (const { image } of services) hash.update(`${image}\0`);
  return { stores, services, operator, platformTag: hash.digest("hex").slice(0, 12) };
}

/** All images under the names by which they were built: each tag a hash of the image's own content. */
export function imageNames({ stores, services, operator }: PlatformImages): string[] {
  return [...stores, ...services, operator].map(({ image }) => image);
}

/** How many of the images were built just now. */
export function builtCount({ stores, services, operator }: PlatformImages): number {
  return [...stores, ...services, operator].filter(({ built }) => built).length;
}

/** For each service's image the name under which the operator asks for it. */
export function serviceTags({ services, platformTag }: PlatformImages): Map<string, string> {
  return new Map(services.map(({ name, image }) => [image, `jatra/${name}:${platformTag}`]));
}

/** Each store's name and image under `prefix`. Stores keep their own tags: a new service restarts no database. */
export function storeReferences({ stores }: PlatformImages, prefix: string): [string, string][] {
  return stores.map(({ name, image }) => [name, `${prefix}/${name}:${tagOf(image)}`]);
}

/** Values of the operator's chart that depend on the images: where they are (`prefix`) and what they are tagged. */
export function imageValues(images: PlatformImages, prefix: string): Record<string, string> {
  return {
    "image.repository": `${prefix}/${operatorName}`,
    "image.tag": operatorTag(images),
    "platform.image.repository": prefix,
    "platform.image.tag": images.platformTag,
    ...Object.fromEntries(
      storeReferences(images, prefix).map(([name, image]) => [
        `platform.storeImages.${name}`,
        image,
      ]),
    ),
  };
}

export function operatorTag({ operator }: PlatformImages): string {
  return tagOf(operator.image);
}

function tagOf(image: string): string {
  return image.slice(image.lastIndexOf(":") + 1);
}
