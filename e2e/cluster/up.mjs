import { bootstrap } from "./bootstrap.mjs";

const usage = `Usage: npm run up [-- --context NAME [--registry PREFIX]]

Brings the whole platform up on a kind cluster of its own, books a ticket through it and prints how to use it.
Safe to interrupt and to run again: what is there already is used.

  --context NAME     use this context of your kubeconfig instead of making the kind cluster jatra
  --registry PREFIX  push the images to PREFIX/<name> and run them from there; needed with --context unless
                     that is a kind cluster on this machine
  --help             print this

JATRA_CACHE names the cache folder (default ~/.cache/jatra).`;

await bootstrap("up.ts", usage);
