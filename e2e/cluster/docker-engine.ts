import { spawn } from "node:child_process";
import { existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { installPackages, mayInstallPackages } from "./debian-packages.ts";
import { Failure } from "./failure.ts";
import { cache } from "./folders.ts";
import { boundDockerRuntime } from "./bounded-runtime.ts";
import { holdsWithin } from "./holds-within.ts";
import { succeeds } from "./run-command.ts";

const startTimeoutMs = 60_000; // 2 s from cold; longer when it tidies up after having been killed

/** Makes sure that a Docker daemon answers, installing and starting one where it may. Safe to repeat. */
export async function ensureDocker(note: (text: string) => void = () => undefined): Promise<void> {
  if (!(await dockerAnswers())) {
    if (!existsSync("/usr/sbin/dockerd") && !(await succeeds("which", ["dockerd"]))) {
      await installDocker();
      note("installed docker.io");
    }
    if (!(await dockerAnswers())) {
      await startDocker();
      note("started dockerd");
    }
  }
  if (await boundDockerRuntime()) note("made the bounded runc the default runtime");
}

/** Whether the daemon answers; a client alone isn't enough. */
export function dockerAnswers(): Promise<boolean> {
  return succeeds("docker", ["version", "--format", "{{.Server.Version}}"], { timeoutMs: 15_000 });
}

async function installDocker(): Promise<void> {
  if (!(await mayInstallPackages())) {
    throw new Failure(
      "No Docker daemon answers and this user may not install one: install Docker " +
        "(https://docs.docker.com/engine/install/), start it, and run this again.",
    );
  }
  await installPackages(["docker.io", "iptables"]);
}

async function startDocker(): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new Failure(
      "Docker is installed but its daemon does not answer: start it (`sudo systemctl start docker`) " +
        "or add yourself to the group docker, and run this again.",
    );
  }
  if (existsSync("/run/systemd/system")) await succeeds("systemctl", ["start", "docker"]);
  else startDaemon();
  if (await holdsWithin(startTimeoutMs, 500, dockerAnswers)) return;
  throw new Failure(
    `The Docker daemon does not start; its reason is at the end of ${daemonLog()}.`,
  );
}

/** A session of its own and a file for its output: it must live on when this command has ended. */
function startDaemon(): void {
  removeStalePid("/var/run/docker.pid", "dockerd");
  removeStalePid("/var/run/docker/containerd/containerd.pid", "containerd");
  const log = openSync(daemonLog(), "a");
  spawn("dockerd", [], { detached: true, stdio: ["ignore", log, log] }).unref();
}

function daemonLog(): string {
  return `${cache("logs")}/dockerd.log`;
}

/** A killed daemon leaves its pid file; dockerd refuses to start while any process has that number. */
function removeStalePid(file: string, command: string): void {
  if (!existsSync(file)) return;
  const pid = readFileSync(file, "utf8").trim();
  const name = existsSync(`/proc/${pid}/comm`)
    ? readFileSync(`/proc/${pid}/comm`, "utf8").trim()
    : "";
  if (name !== command) rmSync(file, { force: true });
}
