import { cpus, loadavg, release, totalmem } from "node:os";
import { Client } from "pg";
import { containerName, type StoreUrls } from "../../images/store-containers.ts";
import { redisCli } from "../../images/store-settings.ts";
import { outputOf } from "../../cluster/run-command.ts";

export type Machine = {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly kernel: string;
  readonly node: string;
  /** Processes that wanted a core in the minute before: whoever else works here makes every figure smaller. */
  readonly loadAverage: number;
  /** Versions and the settings that decide what a commit costs. */
  readonly stores: Readonly<Record<string, string>>;
  readonly summary: readonly string[];
};

const settings = ["fsync", "synchronous_commit", "full_page_writes", "shared_buffers"] as const;

/** What it runs on, as the table's head and the results file tell. */
export const describeMachine = async (urls: StoreUrls): Promise<Machine> => {
  const processors = cpus();
  const machine = {
    cpu: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    loadAverage: loadavg()[0] ?? 0,
    stores: await describeStores(urls),
  };
  const { cpu, cores, memoryGib, kernel, node, loadAverage } = machine;
  const summary = [
    `Machine: ${cpu}, ${cores} cores, ${memoryGib} GiB, Linux ${kernel}, Node ${node}`,
    `load average before the run: ${loadAverage.toFixed(1)}${loadAverage > cores / 2 ? ": NOT IDLE, the figures are too small" : ""}`,
    ...Object.entries(machine.stores).map(([name, text]) => `${name}: ${text}`),
  ];
  return { ...machine, summary };
};

const describeStores = async (urls: StoreUrls): Promise<Record<string, string>> => {
  const redis = containerName("bench", "redis");
  const inRedis = (...command: string[]) =>
    outputOf("docker", ["exec", redis, ...redisCli("bench"), ...command]);
  const version = (await inRedis("INFO", "server"))?.match(/redis_version:(\S+)/)?.[1] ?? "?";
  const sync = (await inRedis("CONFIG", "GET", "append*"))?.split("\n") ?? [];
  const redisSetting = (name: string) => `${name} ${sync[sync.indexOf(name) + 1]?.trim() ?? "?"}`;
  return {
    PostgreSQL: await describePostgres(urls.postgresUrl),
    Redis: `${version}, ${["appendonly", "appendfsync"].map(redisSetting).join(", ")}`,
    PgBouncer: "transaction mode, 10 server connections a service",
    RabbitMQ: "quorum queues on one node",
    containers: "data on this machine's disk, reached on 127.0.0.1",
  };
};

const describePostgres = async (url: string): Promise<string> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string; value: string }>(
      `SELECT name, current_setting(name) AS value FROM unnest($1::text[]) AS name`,
      [["server_version", ...settings]],
    );
    return rows.map(({ name, value }) => `${name} ${value}`).join(", ");
  } finally {
    await client.end();
  }
};
