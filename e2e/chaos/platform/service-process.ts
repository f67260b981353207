import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { fileURLToPath } from "node:url";
import { eventually } from "@jatra/testing/eventually.ts";
import type { ServiceName } from "./service-table.ts";

/** Node starts in under a second on an idle machine; beside a busy CI run it takes many times as long. */
const READY_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 25_000;

export type ServiceProcess = {
  readonly name: ServiceName;
  readonly url: string;
  /** `kill -9`, and a successor at the same port; resolves when it is ready. `more`: of its environment alone. */
  readonly killAndRestart: (more?: Readonly<Record<string, string>>) => Promise<void>;
  readonly ready: () => Promise<void>;
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
  const run = (more: Readonly<Record<string, string>>): ChildProcess =>
    spawnService({ ...options, environment: { ...options.environment, ...more } }, log);
  let child = run({});
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
      await end(child, "SIGKILL");
      child = run(more);
      await ready();
    },
    stop: async () => {
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
