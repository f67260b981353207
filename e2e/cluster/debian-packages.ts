import { existsSync } from "node:fs";
import { Failure } from "./failure.ts";
import { cache } from "./folders.ts";
import { CommandFailed, run, succeeds } from "./run-command.ts";

/** Whether packages can be installed here: apt, and the right to use it. */
export async function mayInstallPackages(): Promise<boolean> {
  return process.getuid?.() === 0 && (await succeeds("which", ["apt-get"]));
}

/** Installs what is missing of the given Debian packages. */
export async function installPackages(packages: readonly string[]): Promise<void> {
  const missing: string[] = [];
  for (const name of packages) {
    if (!(await succeeds("dpkg", ["-s", name]))) missing.push(name);
  }
  if (missing.length === 0) return;
  const options = {
    env: { DEBIAN_FRONTEND: "noninteractive" },
    logFile: `${cache("logs")}/apt.log`,
    timeoutMs: 10 * 60_000, // downloads of up to 200 MB
  };
  try {
    await run("apt-get", ["update"], options);
    await run("apt-get", ["install", "-y", "--no-install-recommends", ...missing], options);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new Failure(
      `Debian's ${missing.join(", ")} could not be installed; the reason is at the end of ` +
        `${options.logFile}.`,
    );
  }
}

/** Makes sure of a command that the build needs, by package where that may be installed. */
export async function ensureCommand(command: string, packages: readonly string[]): Promise<void> {
  if (await succeeds("which", [command])) return;
  if (!(await mayInstallPackages())) {
    throw new Failure(
      `The command ${command} is missing: install ${packages.join(", ")} and run again.`,
    );
  }
  await installPackages(packages);
}

/** Debian's version of libc headers is a separate package, which no command shows. */
export async function ensureCCompiler(): Promise<void> {
  if (existsSync("/usr/include/stdlib.h") && (await succeeds("which", ["gcc"]))) return;
  await ensureCommand("gcc", ["gcc", "libc6-dev"]);
  if (await mayInstallPackages()) await installPackages(["libc6-dev"]);
}
