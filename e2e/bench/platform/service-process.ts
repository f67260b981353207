import { spawn, type ChildProcess } from "node:child_process";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { eventually } from "@jatra/testing/eventually.ts";
import { cache } from "../../cluster/folders.ts";
import { Failure } from "../../cluster/failure.ts";
import { readProcessTime } from "./process-time.ts";

export type ServiceProcess = {
  readonly name: string;
  readonly url: string;
  /** User and system time so far. */
  readonly cpuMs: () => number;
  /** Resolves when the process has ended, by itself or stopped. */
  readonly ended: Promise<void>;
  readonly stop: () => Promise<void>;
};

const READY_TIMEOUT_MS = 60_000;
/** Services give themselves 20 s to drain. */
const STOP_TIMEOUT_MS = 25_000;

/** Runs `node <script>` as a service runs in its pod, and awaits its readiness. Its log goes to a file. */
export const startServiceProcess = async (options: {
  readonly name: string;
  readonly folder: string;
  readonly script: string;
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Of Node, before the script. */
  readonly flags?: readonly string[];
  /** Where it says that it is ready; services by default. */
  readonly readyPath?: string;
}): Promise<ServiceProcess> => {
  const { name, port, readyPath = "/health/ready" } = options;
  const logFile = join(cache("bench"), `${name}.log`);
  const child = spawn(
    process.execPath,
    [...profiling(), ...(options.flags ?? []), options.script],
    {
      cwd: options.folder,
      env: { PATH: process.env["PATH"], ...options.environment },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  // A run that is broken off leaves no service behind.
  const endWithUs = (): void => void child.kill("SIGTERM");
  process.once("exit", endWithUs);
  const log = createWriteStream(logFile);
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    await endProcess(child);
    process.off("exit", endWithUs);
    log.end();
  };
  try {
    await eventually(() => isReady(child, `${url}${readyPath}`), READY_TIMEOUT_MS);
  } catch {
    await stop();
    throw new Failure(`${name} did not become ready: see ${logFile}.`);
  }
  return {
    name,
    url,
    cpuMs: () => (child.pid === undefined ? 0 : readProcessTime(child.pid).cpuMs),
    ended,
    stop,
  };
};

/** Set by `--profile`: Node writes a .cpuprofile there when the process ends. */
const profiling = (): readonly string[] => {
  const folder = process.env["JATRA_BENCH_PROFILES"];
  if (folder === undefined) return [];
  return ["--cpu-prof", `--cpu-prof-dir=${folder}`, "--cpu-prof-interval=1000"];
};

const isReady = async (child: ChildProcess, url: string): Promise<boolean> => {
  if (child.exitCode !== null) throw new Error("it ended");
  const answer = await fetch(url).catch(() => undefined);
  await answer?.text();
  return answer?.status === 200;
};

/** Ends a child in its own time, or by force after STOP_TIMEOUT_MS. */
export const endProcess = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
};
