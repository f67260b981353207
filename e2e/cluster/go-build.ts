import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { basename, join } from "node:path";
import { contentHash } from "./content-hash.ts";
import { Failure } from "./failure.ts";
import { cache } from "./folders.ts";
import { CommandFailed, run, succeeds } from "./run-command.ts";

const environment = { CGO_ENABLED: "0", GOWORK: "off", GOFLAGS: "" };

/** Makes sure that Go is here; any release since 1.21 fetches the one that a module asks for. */
export async function ensureGo(): Promise<void> {
  if (await succeeds("go", ["version"])) return;
  throw new Failure(
    "Go is missing: install Go 1.21 or later (https://go.dev/dl/) and run this again.",
  );
}

/**
 * Builds a published command (`module/path@version`) into the cache, once; answers the file.
 * The version is part of the file's name, so a new one never runs under an old name.
 */
export async function goInstall(packagePath: string, version: string): Promise<string> {
  const name = packagePath.split("/").at(-1) ?? packagePath;
  const file = join(cache("go"), `${name}-${version}`);
  if (existsSync(file)) return file;
  await ensureGo();
  await go(name, ["install", "-trimpath", "-ldflags", "-s -w", `${packagePath}@v${version}`], {
    GOBIN: cache("go", "unfinished"),
  });
  await rename(join(cache("go", "unfinished"), name), file);
  return file;
}

/** Builds commands of a module whose go.mod and go.sum are in the repository, exactly as pinned there. */
export async function goBuildPinned(
  moduleFolder: string,
  packages: readonly string[],
  outputFolder: string,
  linkerFlags = "",
): Promise<void> {
  await ensureGo();
  const args = ["build", "-trimpath", "-ldflags", `-s -w ${linkerFlags}`];
  const output = ["-o", packages.length > 1 ? `${outputFolder}/` : outputFolder];
  await go(
    basename(moduleFolder),
    [...args, ...output, ...packages],
    { GOFLAGS: "-mod=readonly" },
    moduleFolder,
  );
}

/**
 * Builds the tests of a module in the repository into a program of its own, once for each content of its folder; answers the
 * file. For what only `go test` can do, such as time that doesn't pass by itself.
 */
export async function goTestProgram(moduleFolder: string, name: string): Promise<string> {
  const file = join(cache("go"), `${name}-${await contentHash(moduleFolder, ["."])}`);
  if (existsSync(file)) return file;
  await ensureGo();
  const unfinished = `${file}.${process.pid}`;
  const args = ["test", "-c", "-trimpath", "-ldflags", "-s -w", "-o", unfinished, "."];
  await go(name, args, { GOFLAGS: "-mod=readonly" }, moduleFolder);
  await rename(unfinished, file);
  return file;
}

/** The folder of a module's source, downloaded if need be. */
export async function goModuleFolder(modulePath: string, version: string): Promise<string> {
  const described: unknown = JSON.parse(
    await run("go", ["mod", "download", "-json", `${modulePath}@v${version}`], {
      cwd: cache("go"),
      env: environment,
    }),
  );
  if (typeof described === "object" && described !== null && "Dir" in described) {
    return String(described.Dir);
  }
  throw new Error(`go mod download says nothing of a folder for ${modulePath}@v${version}`);
}

async function go(
  name: string,
  args: readonly string[],
  env: Record<string, string>,
  cwd: string = cache("go"),
): Promise<void> {
  const logFile = join(cache("logs"), `go-${name}.log`);
  try {
    await run("go", args, { cwd, env: { ...environment, ...env }, logFile });
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new Failure(
      `Go can't build ${name}; the reason is at the end of ${logFile} ` +
        "(a Go module proxy must be within reach).",
    );
  }
}
