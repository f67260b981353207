import { existsSync } from "node:fs";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mayInstallPackages } from "../cluster/debian-packages.ts";
import { Failure } from "../cluster/failure.ts";
import { cache } from "../cluster/folders.ts";
import { outputOf, run } from "../cluster/run-command.ts";

/**
 * Prometheus' own checker of rules; answers the file. The one on PATH, or Debian's, unpacked and not installed: the package
 * would bring a server that starts with the machine, and Go takes minutes to build it.
 */
export async function ensurePromtool(): Promise<string> {
  if ((await outputOf("promtool", ["--version"])) !== undefined) return "promtool";
  const file = join(cache("bin"), "promtool");
  if (existsSync(file)) return file;
  if (!(await mayInstallPackages())) {
    throw new Failure("The command promtool is missing: install prometheus and run again.");
  }
  const folder = await mkdtemp(join(tmpdir(), "jatra-promtool-"));
  try {
    await run("apt-get", ["update"], { logFile: `${cache("logs")}/apt.log` });
    await run("apt-get", ["download", "prometheus"], { cwd: folder });
    await run("bash", ["-c", "dpkg-deb --fsys-tarfile *.deb | tar -x ./usr/bin/promtool"], {
      cwd: folder,
    });
    // Not moved: the cache may be on another disk.
    await copyFile(join(folder, "usr/bin/promtool"), file);
    return file;
  } finally {
    await rm(folder, { recursive: true });
  }
}
