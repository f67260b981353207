import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { fileURLToPath } from "node:url";
import { eventually } from "@jatra/testing/eventually.ts";
import type { ServiceName } from "./service-table.ts";

/** Node starts in under a second on an idle machine; beside a busy CI run it takes many times as long. */
const READY_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 25_000;
/** What ends so often by itself doesn't even start. */
const CRASHES_MAX = 10;

export type ServiceProcess = {
  readonly name: ServiceName;
  readonly url: string;
  /** `kill -9`, and a successor at the same port; resolves when it is ready. `more`: of its environment alone. */
  readonly killAndRestart: (more?: Readonly<Record<string, string>>) => Promise<void>;
  readonly ready: () => Promise<void>;
  /** How often it ended by itself, which no fault excuses. It is started again at once, as Kubernetes would. */
  readonly crashes: () => number;
  /** SIGTERM, and SIGKILL where that doesn't help. True if it ended by itself. */
  readonly stop: () => Promise<boolean>;
};

/** A service as its container runs it: `node src/main.ts` in its folder, with its environment and nothing else. */
export const startService = (options: {
  readonly name: ServiceName;
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
}): ServiceProcess => {
  const { name, port } = options;
  const url = `http://127.0.0.1:${port}`;
  const log = createWriteStream(options.logFile, { flags: "a" });
  /** The process that shall run; another one, or none, once it is to be ended. */
  let wanted: ChildProcess | undefined;
  let crashes = 0;
  const run = (more: Readonly<Record<string, string>>): ChildProcess => {
    const environment = { ...options.environment, ...more };
    const started = spawnService({ ...options, environment }, log);
    started.once("exit", () => {
      if (wanted !== started) return;
      crashes += 1;
      if (crashes < CRASHES_MAX) child = wanted = run(more);
    });
    return started;
  };
  let child = (wanted = run({}));
  // Whatever ends this process, none of its services is left behind.
  const killNow = (): void => void child.kill("SIGKILL");
  process.once("exit", killNow);
  const ready = async (): Promise<void> => {
    await eventually(async () => {
      if (child.exitCode !== null) throw new Error(`${name} ended: see ${options.logFile}`);
      return (await fetch(`${url}/health/ready`)).ok;
    }, READY_TIMEOUT_MS);
  };
  return {
    name,
    url,
    ready,
    killAndRestart: async (more = {}) => {
      wanted = undefined;
      await end(child, "SIGKILL");
      child = wanted = run(more);
      await ready();
    },
    crashes: () => crashes,
    stop: async () => {
      wanted = undefined;
      const hard = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
      await end(child, "SIGTERM");
      clearTimeout(hard);
      process.off("exit", killNow);
      log.end();
      return child.signalCode !== "SIGKILL";
    },
  };
};

const spawnService = (
  { name, port, environment }: Parameters<typeof startService>[0],
  log: WriteStream,
): ChildProcess => {
  const child = spawn(process.execPath, ["src/main.ts"], {
    cwd: fileURLToPath(new URL(`../../../services/${name}/`, import.meta.url)),
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...environment, PATH: process.env["PATH"], PORT: String(port) },
  });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  return child;
};

const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
};
