import { bootstrap } from "./bootstrap.mjs";

const usage = `Usage: npm run down [-- --purge] [-- --context NAME]

Removes what \`npm run up\` made: the kind cluster jatra with all its data. Docker and the caches stay, so that the
next \`npm run up\` is quick.

  --purge         also remove the test stores, all images of this project and its cache folder
  --context NAME  instead remove platform and operator from this cluster; its volumes and their Secrets stay,
                  as the resource's deletionPolicy says
  --help          print this`;

await bootstrap("down.ts", usage);
