import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contentHash } from "../../../cluster/content-hash.ts";

describe("the hash that tags an image", () => {
  let root = "";

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "jatra-hash-"));
    await mkdir(join(root, "src"));
    await writeFile(join(root, "src/a.ts"), "a");
    await writeFile(join(root, "src/b.ts"), "b");
  });
  afterEach(() => rm(root, { recursive: true }));

  it("is the same for the same content, whatever order the paths are named in", async () => {
    const one = await contentHash(root, ["src/a.ts", "src/b.ts"]);
    assert.equal(await contentHash(root, ["src/b.ts", "src/a.ts"]), one);
    assert.match(one, /^[0-9a-f]{12}$/);
  });

  it("changes with the content, the name and the place of a file", async () => {
    const before = await contentHash(root, ["src"]);
    await writeFile(join(root, "src/a.ts"), "A");
    const edited = await contentHash(root, ["src"]);
    await rm(join(root, "src/a.ts"));
    await writeFile(join(root, "src/c.ts"), "A");
    const renamed = await contentHash(root, ["src"]);
    assert.equal(new Set([before, edited, renamed]).size, 3);
  });

  it("changes with what is said beside the files, such as the base image's tag", async () => {
    const bases = ["debian:a", "debian:b"];
    const hashes = await Promise.all(bases.map((base) => contentHash(root, ["src"], [base])));
    assert.notEqual(hashes[0], hashes[1]);
  });

  it("doesn't look at what npm put into a folder, nor mind an optional folder that isn't there", async () => {
    const before = await contentHash(root, ["src"]);
    await mkdir(join(root, "src/node_modules"));
    await writeFile(join(root, "src/node_modules/x.js"), "x");
    assert.equal(await contentHash(root, ["src", "migrations"]), before);
  });
});
