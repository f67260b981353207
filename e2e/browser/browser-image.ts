import { join } from "node:path";
import { contentHash } from "../cluster/content-hash.ts";
import { repository } from "../cluster/folders.ts";
import { buildImage } from "../images/build-image.ts";
import { debianBase } from "../images/debian-base.ts";

const folder = "e2e/browser";

/** An image with Chromium from Debian's packages, built once: some 150 MB to fetch. */
export const browserImage = async (): Promise<string> => {
  const base = await debianBase("trixie");
  const image = `jatra/browser:${await contentHash(repository, [`${folder}/Dockerfile`], [base])}`;
  await buildImage({ image, context: join(repository, folder), buildArgs: { BASE: base } });
  return image;
};
