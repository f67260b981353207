import { stringify } from "yaml";
import { ensureDocker } from "./docker-engine.ts";
import { runMain } from "./main.ts";
import { imagesOptions } from "./options.ts";
import { buildImages, builtCount, imageNames, imageValues } from "./platform-images.ts";
import { paint, phase, say } from "./progress.ts";
import { pushImages } from "./registry-push.ts";

await runMain(async () => {
  const { push } = imagesOptions(process.argv.slice(2));
  await ensureDocker();
  const images = await phase("images of platform", async (note) => {
    const built = await buildImages();
    note(`${builtCount(built)} built`);
    return built;
  });
  if (push === undefined) {
    console.log(imageNames(images).join("\n"));
    return;
  }
  await phase("images pushed", async (note) =>
    note(`${await pushImages(images, push)} to ${push}`),
  );
  console.log(stringify(nested(imageValues(images, push))).trimEnd());
  say(`
${paint.bold("How to use them")} (what was printed above is values.yaml)
  helm upgrade --install jatra-operator charts/jatra-operator -n jatra-system --create-namespace -f values.yaml
  kubectl create namespace jatra
  kubectl apply -f crds/samples/minimal.yaml
Where the registry wants a login: image.pullSecrets in the values, and spec.image.pullSecrets in the resource.`);
});

type Tree = { [name: string]: string | Tree };

/** `a.b.c` as a, in it b, in it c. */
function nested(values: Readonly<Record<string, string>>): Tree {
  const root: Tree = {};
  for (const [path, value] of Object.entries(values)) {
    const names = path.split(".");
    const last = names.pop() ?? "";
    let place = root;
    for (const name of names) {
      const inner = place[name];
      const next: Tree = typeof inner === "object" ? inner : {};
      place[name] = next;
      place = next;
    }
    place[last] = value;
  }
  return root;
}
