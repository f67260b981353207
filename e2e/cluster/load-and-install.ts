import { installOperator } from "./install-operator.ts";
import type { Cluster } from "./kind-cluster.ts";
import { loadImages, tagInNode } from "./load-images.ts";
import { imageNames, serviceTags, type PlatformImages } from "./platform-images.ts";
import { phase } from "./progress.ts";

/**
 * Brings the images of the platform into a kind node and installs the operator there. Its own image goes first: while it
 * starts, which is mostly waiting, the other images follow.
 */
export async function loadAndInstall(
  cluster: Required<Cluster>,
  images: PlatformImages,
): Promise<void> {
  const { node } = cluster;
  await phase("operator's image loaded", () => loadImages(node, [images.operator.image]));
  await Promise.all([
    phase("operator", () => installOperator(cluster, images)),
    phase("images loaded", async (note) => {
      note(`${await loadImages(node, imageNames(images))} loaded`);
      await tagInNode(node, serviceTags(images));
    }),
  ]);
}
