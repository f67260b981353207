import { Client } from "undici";
import { z } from "zod";
import { containerName } from "../../images/store-containers.ts";
import { storeNames } from "../../images/store-images.ts";
import { readTimeByName } from "./process-time.ts";
import type { ServiceProcess } from "./service-process.ts";

/** CPU time so far in ms, by component; the load generator is `load`. */
export type CpuTimes = ReadonlyMap<string, number>;

const statsSchema = z.object({
  cpu_stats: z.object({ cpu_usage: z.object({ total_usage: z.number() }) }),
});
const NANOSECONDS_PER_MS = 1_000_000;
/** Docker's port forwarders, through which the stores are reached; those of other containers forward nothing meanwhile. */
const FORWARDER = "docker-proxy";

/** Services from /proc, stores from Docker's own accounting (any version of cgroups). */
export const readCpu = async (processes: readonly ServiceProcess[]): Promise<CpuTimes> => {
  const times = new Map(processes.map((one) => [one.name, one.cpuMs()]));
  const own = process.cpuUsage();
  times.set("load", (own.user + own.system) / 1000);
  times.set(FORWARDER, readTimeByName(FORWARDER));
  const docker = new Client("http://localhost", { socketPath: "/var/run/docker.sock" });
  try {
    for (const name of storeNames) {
      const path = `/containers/${containerName("bench", name)}/stats?stream=false&one-shot=true`;
      const answer = await docker.request({ method: "GET", path });
      const { cpu_stats } = statsSchema.parse(await answer.body.json());
      times.set(name, cpu_stats.cpu_usage.total_usage / NANOSECONDS_PER_MS);
    }
  } finally {
    await docker.close();
  }
  return times;
};

/** What each component used between two readings, the most first. */
export const cpuBetween = (before: CpuTimes, after: CpuTimes): [string, number][] =>
  [...after]
    .map(([name, ms]): [string, number] => [name, ms - (before.get(name) ?? 0)])
    .toSorted(([, a], [, b]) => b - a);

/** `seat-reservation 34 %, postgres 30 %, …` of all that was used. */
export const cpuShares = (before: CpuTimes, after: CpuTimes): string => {
  const used = cpuBetween(before, after);
  const all = used.reduce((sum, [, ms]) => sum + ms, 0);
  return used
    .filter(([, ms]) => ms > all / 100)
    .map(([name, ms]) => `${name} ${Math.round((ms / all) * 100)} %`)
    .join(", ");
};
