import type { ChildProcess } from "node:child_process";
import { createWriteStream } from "node:fs";
import { fileURLToPath } from "node:url";
import { endProcess, hasEnded, serviceReady, spawnService } from "../../processes/service-child.ts";
import type { ServiceName } from "./service-table.ts";

/** Node starts in under a second on an idle machine; beside a busy CI run it takes many times as long. */
const READY_TIMEOUT_MS = 120_000;
/** What ends so often by itself doesn't even start. */
const CRASHES_MAX = 10;

/** A service that outlives its processes, as one of Kubernetes does. */
export type LastingService = {
  readonly name: ServiceName;
  readonly url: string;
  /** `kill -9`, and a successor at the same port; resolves when it is ready. `more`: of its environment alone. */
  readonly killAndRestart: (more?: Readonly<Record<string, string>>) => Promise<void>;
  readonly ready: () => Promise<void>;
  /** How often it ended by itself, which no fault excuses. It is started again at once, as Kubernetes would. */
  readonly crashes: () => number;
  /** SIGTERM, and SIGKILL where that doesn't help. */
  readonly stop: () => Promise<void>;
};

/** Starts a service and goes on without waiting until it is `ready`. */
export const startLastingService = (options: {
  readonly name: ServiceName;
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
}): LastingService => {
  const { name, port, logFile } = options;
  const url = `http://127.0.0.1:${port}`;
  const folder = fileURLToPath(new URL(`../../../services/${name}/`, import.meta.url));
  const log = createWriteStream(logFile, { flags: "a" });
  /** The process that shall run; another one, or none, once it is to be ended. */
  let wanted: ChildProcess | undefined;
  let crashes = 0;
  const run = (more: Readonly<Record<string, string>>): ChildProcess => {
    const environment = { ...options.environment, ...more, PORT: String(port) };
    const started = spawnService({ folder, script: "src/main.ts", environment }, log);
    started.once("exit", () => {
      if (wanted !== started) return;
      crashes += 1;
      if (crashes < CRASHES_MAX) child = wanted = run(more);
    });
    return started;
  };
  let child = (wanted = run({}));
  const ready = (): Promise<void> => {
    const timeoutMs = READY_TIMEOUT_MS;
    return serviceReady({ name, url, logFile, hasEnded: () => hasEnded(child), timeoutMs });
  };
  return {
    name,
    url,
    ready,
    killAndRestart: async (more = {}) => {
      wanted = undefined;
      await endProcess(child, "SIGKILL");
      child = wanted = run(more);
      await ready();
    },
    crashes: () => crashes,
    stop: async () => {
      wanted = undefined;
      await endProcess(child, "SIGTERM");
      log.end();
    },
  };
};
