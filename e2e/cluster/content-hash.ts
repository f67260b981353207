import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";

/** Twelve hex digits: short enough to read in `kubectl`, long enough not to collide by chance. */
const hashLength = 12;

/**
 * Hash of files and folders (paths and contents, in sorted order) and of further strings, such as versions or
 * the tag of a base image. Missing paths count as absent, so that an optional folder needs no special case.
 */
export async function contentHash(
  root: string,
  paths: readonly string[],
  extra: readonly string[] = [],
): Promise<string> {
  const hash = createHash("sha256");
  for (const path of [...paths].sort()) {
    for (const file of await filesUnder(join(root, path))) {
      hash.update(`${relative(root, file)}\0`);
      hash.update(await readFile(file));
      hash.update("\0");
    }
  }
  for (const text of extra) hash.update(`${text}\0`);
  return hash.digest("hex").slice(0, hashLength);
}

async function filesUnder(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return [];
  if (found.isFile()) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name === "node_modules") continue;
    files.push(...(await filesUnder(join(path, entry.name))));
  }
  return files;
}
