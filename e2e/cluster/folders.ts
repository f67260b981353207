import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** The repository's root. */
export const repository = resolve(import.meta.dirname, "../..");

/** Where tools, builds and logs are kept between runs; made on first use. */
export const cacheFolder =
  process.env["JATRA_CACHE"] ??
  join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "jatra");

/** A folder of the cache, made if missing. */
export function cache(...names: string[]): string {
  const folder = join(cacheFolder, ...names);
  mkdirSync(folder, { recursive: true });
  return folder;
}
