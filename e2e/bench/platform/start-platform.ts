import { existsSync } from "node:fs";
import { join } from "node:path";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { createTestRedis } from "@jatra/testing/test-redis.ts";
import { freePort } from "@jatra/testing/free-port.ts";
import { createTestVhost, type TestVhost } from "@jatra/testing/test-vhost.ts";
import { repository } from "../../cluster/folders.ts";
import { environmentOf, makeSecrets, type Secrets } from "./environment.ts";
import { startServiceProcess, type ServiceProcess } from "./service-process.ts";

export type BenchPlatform = {
  readonly secrets: Secrets;
  readonly url: (service: string) => string;
  readonly processes: readonly ServiceProcess[];
  readonly database: (service: string) => TestDatabase;
  readonly vhost: TestVhost;
  readonly stop: () => Promise<void>;
};

/** The gateway and all services a buyer's request can meet, one process each, as in the laptop's cluster. */
export const allServices = [
  "payment-simulator",
  "auth",
  "schedule",
  "seat-reservation",
  "payment",
  "booking",
  "ticket",
  "notification",
  "user",
  "search",
  "reporting",
  "api-gateway",
] as const;
export type ServiceFolder = (typeof allServices)[number] | "admin";

/**
 * Starts services as plain processes over fresh databases, a vhost and a Redis number of their own in the bench's
 * stores. `standIns`: scripts of the bench that take a service's place (its port, its environment).
 */
export const startPlatform = async (options: {
  readonly services: readonly ServiceFolder[];
  readonly standIns?: Readonly<Record<string, string>>;
  readonly more?: Readonly<Record<string, string>>;
  /** Flags of Node by service. */
  readonly flags?: Readonly<Record<string, readonly string[]>>;
  /** Another working copy whose services (and migrations) are run. */
  readonly root?: string;
}): Promise<BenchPlatform> => {
  const root = options.root ?? repository;
  const secrets = makeSecrets();
  const standIns = options.standIns ?? {};
  const names = [...new Set([...options.services, ...Object.keys(standIns)])];
  const ports = new Map<string, number>();
  for (const name of names) ports.set(name, await freePort());
  const redis = await createTestRedis();
  const vhost = await createTestVhost();
  const databases = new Map<string, TestDatabase>();
  const processes: ServiceProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(processes.map((one) => one.stop()));
    await Promise.all([...databases.values()].map((one) => one.drop()));
    await Promise.all([vhost.drop(), redis.drop()]);
  };
  try {
    for (const name of names) {
      const folder = join(root, "services", name);
      const migrations = join(folder, "migrations");
      const script = standIns[name];
      if (script === undefined && existsSync(migrations)) {
        databases.set(name, await createTestDatabase({ folder: migrations, poolSize: 2 }));
      } else if (script !== undefined) databases.set(name, await createTestDatabase());
      const environment = environmentOf(name, {
        secrets,
        ports,
        databaseUrl: databases.get(name)?.url,
        redisUrl: redis.url,
        rabbitmqUrl: vhost.url,
        more: options.more ?? {},
      });
      const where =
        script === undefined ? { folder, script: "src/main.ts" } : { folder: repository, script };
      const port = ports.get(name) ?? 0;
      const flags = options.flags?.[name] ?? [];
      processes.push(await startServiceProcess({ name, ...where, port, environment, flags }));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    secrets,
    url: (service) => `http://127.0.0.1:${ports.get(service) ?? 9}`,
    processes,
    database: (service) => {
      const database = databases.get(service);
      if (!database) throw new Error(`${service} has no database here`);
      return database;
    },
    vhost,
    stop,
  };
};
