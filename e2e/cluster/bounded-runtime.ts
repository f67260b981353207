import {
  copyFileSync,
  existsSync,
  mkdirSync,
  chmodSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { ensureCommand } from "./debian-packages.ts";
import { Failure } from "./failure.ts";
import { holdsWithin } from "./holds-within.ts";
import { outputOf } from "./run-command.ts";

const capSysResource = 1n << 24n; // bit 24 of the capability masks: linux/capability.h
const wrapperSource = join(import.meta.dirname, "node-image/runc-bounded");
const wrapperPath = "/usr/local/lib/jatra/runc-bounded";
const daemonConfig = "/etc/docker/daemon.json";
const runtimeName = "jatra-bounded";
const reloadTimeoutMs = 15_000; // takes under a second

/**
 * Makes a runc that asks for what the host can grant Docker's default runtime, only where that is needed.
 * The daemon reads `runtimes` and `default-runtime` again on SIGHUP, so running containers stay.
 * Answers whether anything was changed.
 */
export async function boundDockerRuntime(): Promise<boolean> {
  if (!hostWithholdsSysResource() || process.getuid?.() !== 0) return false;
  if ((await defaultRuntime()) === runtimeName && existsSync(wrapperPath)) {
    return false;
  }
  await ensureCommand("jq", ["jq"]);
  mkdirSync("/usr/local/lib/jatra", { recursive: true });
  copyFileSync(wrapperSource, wrapperPath);
  chmodSync(wrapperPath, 0o755);
  writeDaemonConfig();
  await reloadDaemon();
  return true;
}

/** Whether this host withholds CAP_SYS_RESOURCE: then no privileged container starts, and kind uses one. */
function hostWithholdsSysResource(): boolean {
  if (!existsSync("/proc/self/status")) return false;
  const mask = /^CapBnd:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return mask !== undefined && (BigInt(`0x${mask}`) & capSysResource) === 0n;
}

function writeDaemonConfig(): void {
  const before: unknown = existsSync(daemonConfig)
    ? JSON.parse(readFileSync(daemonConfig, "utf8"))
    : {};
  const settings = typeof before === "object" && before !== null ? before : {};
  const runtimes =
    "runtimes" in settings && typeof settings.runtimes === "object" ? settings.runtimes : {};
  const after = {
    ...settings,
    runtimes: { ...runtimes, [runtimeName]: { path: wrapperPath } },
    "default-runtime": runtimeName,
  };
  mkdirSync("/etc/docker", { recursive: true });
  writeFileSync(daemonConfig, `${JSON.stringify(after, undefined, 2)}\n`);
}

async function reloadDaemon(): Promise<void> {
  const pid = Number(readFileSync("/var/run/docker.pid", "utf8").trim());
  process.kill(pid, "SIGHUP");
  const isTaken = async (): Promise<boolean> => (await defaultRuntime()) === runtimeName;
  if (await holdsWithin(reloadTimeoutMs, 200, isTaken)) return;
  throw new Failure(
    `Docker does not take the default runtime ${runtimeName} from ${daemonConfig}: ` +
      "restart the Docker daemon and run this again.",
  );
}

function defaultRuntime(): Promise<string | undefined> {
  return outputOf("docker", ["info", "--format", "{{.DefaultRuntime}}"]);
}
