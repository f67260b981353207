import { bootstrap } from "./bootstrap.mjs";

const usage = `Usage: npm run images [-- --push REPOSITORY]

Builds the images of the platform, the stores and the operator, those that Docker doesn't have, and prints their names.

  --push REPOSITORY  also push them as REPOSITORY/<name>:<tag> (such as registry.example.com/jatra; log in before with
                     docker login), and print the values for the operator's chart instead: npm run --silent
                     images -- --push REPOSITORY > values.yaml
  --help             print this`;

await bootstrap("images.ts", usage);
