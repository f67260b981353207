/**
 * Prints the chart's values that depend on what was built, one `name=value` a line: the tag of the platform's images and the
 * references of the stores'. The Tiltfile hands them to `helm`.
 */
import { buildImages, storeReferences } from "../cluster/platform-images.ts";
import { runMain } from "../cluster/main.ts";

await runMain(async () => {
  const images = await buildImages();
  console.log(`platform.image.tag=${images.platformTag}`);
  for (const [name, reference] of storeReferences(images, "jatra")) {
    console.log(`platform.storeImages.${name}=${reference}`);
  }
});
