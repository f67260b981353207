import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { WriteStream } from "node:fs";
import { eventually } from "@jatra/testing/eventually.ts";
import { Failure } from "../cluster/failure.ts";

/** A script and the folder that it runs in, with this environment and nothing else of ours but PATH. */
export type ServiceRun = {
  readonly folder: string;
  readonly script: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Of Node, before the script. */
  readonly flags?: readonly string[];
};

/** Services give themselves 20 s to drain. */
const STOP_TIMEOUT_MS = 25_000;

const running = new Set<ChildProcess>();
// Whatever ends this process, none of its services is left behind.
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** A service as its container runs it: `node <script>` in its folder. What it says goes to `log`. */
export const spawnService = (
  { folder, script, environment, flags = [] }: ServiceRun,
  log: WriteStream,
): ChildProcess => {
  const child = spawn(process.execPath, [...flags, script], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...environment, PATH: process.env["PATH"] },
  });
  running.add(child);
  child.once("exit", () => running.delete(child));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  return child;
};

export const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

/** Waits until a service is ready. Throws `Failure` where it ends instead, or isn't by the end of `timeoutMs`. */
export const serviceReady = async (service: {
  readonly name: string;
  readonly url: string;
  readonly logFile: string;
  readonly hasEnded: () => boolean;
  readonly timeoutMs: number;
}): Promise<void> => {
  const { name, url, logFile, timeoutMs } = service;
  const settled = eventually(async () => service.hasEnded() || (await isReady(url)), timeoutMs);
  const isSettled = await settled.catch(() => false);
  if (isSettled && !service.hasEnded()) return;
  throw new Failure(`${name} did not become ready: see ${logFile}.`);
};

const isReady = async (url: string): Promise<boolean> => {
  const answer = await fetch(`${url}/health/ready`);
  await answer.text();
  return answer.ok;
};

/** Sends the signal and waits for the end; SIGKILL where that takes longer than a service gives itself. */
export const endProcess = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (hasEnded(child)) return;
  const ended = once(child, "exit");
  child.kill(signal);
  const hard = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(hard);
};
