import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ensureCommand } from "../cluster/debian-packages.ts";
import { cache } from "../cluster/folders.ts";
import { imageExists, pull, registryAnswers } from "../cluster/registry.ts";
import { run } from "../cluster/run-command.ts";

/** bookworm carries the node image (its systemd still boots on cgroup v1), trixie everything else. */
export type DebianRelease = "bookworm" | "trixie";

/** Documentation, which nobody reads in a container, is 20 MB; docker's own slim images leave it out too. */
const leftOut = [
  "/usr/share/doc/*",
  "/usr/share/man/*",
  "/usr/share/locale/*",
  "/usr/share/info/*",
];

/**
 * Name of a Debian base image, pulled where a registry answers, else made from Debian's archive (40 s).
 * One that was made stays the base even if a registry answers later: images built on it stay cached.
 */
export async function debianBase(release: DebianRelease): Promise<string> {
  const made = `jatra.local/debian:${release}`;
  if (await imageExists(made)) return made;
  const pulled = `debian:${release}-slim`;
  if (await imageExists(pulled)) return pulled;
  if (await registryAnswers()) {
    await pull(pulled);
    return pulled;
  }
  await makeDebian(release, made);
  return made;
}

async function makeDebian(release: DebianRelease, image: string): Promise<void> {
  await ensureCommand("mmdebstrap", ["mmdebstrap"]);
  const archive = join(cache("debian"), `${release}.tar`);
  const excludes = leftOut.map((path) => `--dpkgopt=path-exclude=${path}`);
  await run(
    "mmdebstrap",
    ["--variant=minbase", "--include=ca-certificates", ...excludes, release, archive],
    { logFile: join(cache("logs"), "mmdebstrap.log") },
  );
  await run("docker", ["import", archive, image]);
  await rm(archive);
}
