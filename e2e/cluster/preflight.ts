import { existsSync, readFileSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { totalmem } from "node:os";
import { mayInstallPackages } from "./debian-packages.ts";
import { dockerAnswers } from "./docker-engine.ts";
import { Failure } from "./failure.ts";
import { cache } from "./folders.ts";
import { outputOf, succeeds } from "./run-command.ts";

const gib = 1024 ** 3;
/** Building Kubernetes leaves 8 GiB of Go caches and images, the platform's images and volumes need 4. */
const diskGibMin = 12;
/** With everything built: images in the node (3 GiB) and the stores' volumes. */
const diskGibMinCached = 4;
/** The whole node uses 3 to 4 GiB, linking a Kubernetes binary 2. */
const memoryGibMin = 5;

export type Preflight = { hostPort: number; node: string; cached: boolean };

/** Checks what would make a long run fail late; each refusal is a sentence that says what to do. */
export async function preflight(wish: Preflight): Promise<void> {
  checkPlatform();
  await checkDocker();
  await checkDisk(wish.cached ? diskGibMinCached : diskGibMin);
  const running = await ownClusterRuns(wish.node);
  if (!running) {
    checkMemory();
    await checkPort(wish.hostPort);
  }
}

function checkPlatform(): void {
  if (process.platform === "linux" || process.platform === "darwin") return;
  throw new Failure("This runs on Linux or macOS: on Windows, use it inside WSL 2.");
}

async function checkDisk(gibMin: number): Promise<void> {
  const folders = [cache(), ...(existsSync("/var/lib/docker") ? ["/var/lib/docker"] : [])];
  for (const folder of folders) {
    const { bavail, bsize } = await statfs(folder);
    const freeGib = (bavail * bsize) / gib;
    if (freeGib >= gibMin) continue;
    throw new Failure(
      `Only ${freeGib.toFixed(1)} GiB are free on the disk of ${folder}, ${gibMin} are needed: ` +
        "free some space and run this again.",
    );
  }
}

function checkMemory(): void {
  const availableGib = availableBytes() / gib;
  if (availableGib >= memoryGibMin) return;
  throw new Failure(
    `Only ${availableGib.toFixed(1)} GiB of memory are available, ${memoryGibMin} are needed: ` +
      "close other programs (or give Docker's machine more) and run this again.",
  );
}

/** What Linux says programs can still get, caches included; elsewhere the whole. */
function availableBytes(): number {
  if (!existsSync("/proc/meminfo")) return totalmem();
  const kib = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync("/proc/meminfo", "utf8"))?.[1];
  return kib === undefined ? totalmem() : Number(kib) * 1024;
}

async function checkPort(port: number): Promise<void> {
  const free = await new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
  if (free) return;
  throw new Failure(
    `Port ${port} on 127.0.0.1 is taken: \`ss -ltnp 'sport = :${port}'\` shows by whom; ` +
      "end that program and run this again.",
  );
}

async function checkDocker(): Promise<void> {
  if ((await dockerAnswers()) || (await mayInstallPackages())) return;
  if (process.getuid?.() === 0 && (await succeeds("which", ["dockerd"]))) return;
  throw new Failure(
    "No Docker daemon answers, and this user can't install or start one: install Docker " +
      "(https://docs.docker.com/engine/install/), start it, and run this again.",
  );
}

async function ownClusterRuns(node: string): Promise<boolean> {
  const format = "{{.State.Running}}";
  return (await outputOf("docker", ["inspect", "--format", format, node])) === "true";
}
