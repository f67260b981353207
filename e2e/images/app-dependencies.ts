import { existsSync } from "node:fs";
import { copyFile, cp, mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { contentHash } from "../cluster/content-hash.ts";
import { Failure } from "../cluster/failure.ts";
import { cache, repository } from "../cluster/folders.ts";
import { CommandFailed, run } from "../cluster/run-command.ts";
import { buildImage } from "./build-image.ts";
import { nodeBase } from "./node-base.ts";

/** Folders under services/ that every service may import. */
const sharedWorkspaces = ["common", "contracts"];
/** Folders under services/ that no image needs. */
const testOnlyWorkspaces = ["testing"];

/**
 * Builds the image below all services and the operator and answers its name. npm runs here, not in `docker build`:
 * its cache and its registry settings are this machine's, and the result is kept by the lockfile's hash.
 */
export async function buildAppBase(): Promise<string> {
  const base = await nodeBase();
  const manifests = await packageManifests();
  const dependencies = await contentHash(repository, [...manifests, "package-lock.json", ".npmrc"]);
  const shared = sharedWorkspaces.map((name) => `services/${name}/src`);
  const recipe = ["e2e/images/app-base", "e2e/images/app-dependencies.ts"];
  const hash = await contentHash(repository, [...shared, ...recipe], [base, dependencies]);
  const image = `jatra.local/app-base:${hash}`;
  const context = await installDependencies(manifests, dependencies);
  for (const folder of shared) {
    await rm(join(context, folder), { recursive: true, force: true });
    if (existsSync(join(repository, folder))) {
      await cp(join(repository, folder), join(context, folder), { recursive: true });
    }
  }
  const dockerfile = join(repository, "e2e/images/app-base/Dockerfile");
  await buildImage({ image, context, dockerfile, buildArgs: { BASE: base } });
  return image;
}

/** Installs production dependencies of operator and services into a folder of the cache, once a lockfile. */
async function installDependencies(manifests: readonly string[], hash: string): Promise<string> {
  const folder = join(cache("app-dependencies"), hash);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  for (const file of [...manifests, "package-lock.json", ".npmrc"]) {
    await mkdir(dirname(join(unfinished, file)), { recursive: true });
    await copyFile(join(repository, file), join(unfinished, file));
  }
  const workspaces = manifests
    .map((file) => dirname(file))
    .filter((name) => name !== "." && name !== "e2e")
    .filter((name) => !testOnlyWorkspaces.includes(name.replace("services/", "")));
  const logFile = join(cache("logs"), "npm-production.log");
  const args = ["ci", "--omit=dev", "--ignore-scripts", ...workspaces.map((name) => `-w=${name}`)];
  try {
    await run("npm", args, { cwd: unfinished, logFile });
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new Failure(`npm can't install dependencies; the reason is at the end of ${logFile}.`);
  }
  await rename(unfinished, folder);
  return folder;
}

/** The package.json of the root and of every workspace: npm ci wants all that the lockfile names. */
async function packageManifests(): Promise<string[]> {
  const services = await readdir(join(repository, "services"));
  const folders = ["operator", "e2e", ...services.sort().map((name) => `services/${name}`)];
  const manifests = folders.map((folder) => `${folder}/package.json`);
  return ["package.json", ...manifests.filter((file) => existsSync(join(repository, file)))];
}
