import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@jatra/testing/free-port.ts";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { createTestRedis, type TestRedis } from "@jatra/testing/test-redis.ts";
import { createTestVhost, type TestVhost } from "@jatra/testing/test-vhost.ts";
import { createJournal, type Journal } from "../client/journal.ts";
import { environmentsOf } from "./environments.ts";
import { startLastingService, type LastingService } from "./lasting-service.ts";
import { forEachService, startLinks, through, type Links } from "./links.ts";
import { serviceNames, type ServiceName } from "./service-table.ts";

/** Real services as processes of their own over databases, a vhost and a Redis number of their own. */
export type SalePlatform = {
  readonly databases: Readonly<Record<ServiceName, TestDatabase>>;
  readonly redis: TestRedis;
  readonly vhost: TestVhost;
  readonly links: Links;
  readonly services: Readonly<Record<ServiceName, LastingService>>;
  /** Where a client reaches a service: through its link. */
  readonly urlOf: (name: ServiceName) => string;
  /** All that its clients ever did. */
  readonly journal: Journal;
  readonly logFolder: string;
  readonly stop: () => Promise<void>;
};

/** Starts everything and waits until each service is ready: some ten seconds on two idle cores. */
export const startSalePlatform = async (): Promise<SalePlatform> => {
  const logFolder = mkdtempSync(join(tmpdir(), "jatra-prove-"));
  const databases = await forEachService((name) =>
    createTestDatabase({
      folder: new URL(`../../../services/${name}/migrations`, import.meta.url),
      poolSize: 2,
    }),
  );
  const redis = await createTestRedis();
  const vhost = await createTestVhost();
  const ports = await forEachService(freePort);
  const localUrls = await forEachService(async (name) => `http://127.0.0.1:${ports[name]}`);
  const links = await startLinks(
    { postgres: databases.booking.url, redis: redis.url, rabbitmq: vhost.url },
    localUrls,
  );
  const environmentOf = environmentsOf({
    databases: await forEachService(async (name) =>
      through(links.stores.postgres, databases[name].url),
    ),
    services: await forEachService(async (name) => bare(links.services[name].url)),
    redisUrl: links.stores.redis.url,
    rabbitmqUrl: links.stores.rabbitmq.url,
  });
  const services = await forEachService(async (name) =>
    startLastingService({
      name,
      port: ports[name],
      environment: environmentOf(name),
      logFile: join(logFolder, `${name}.log`),
    }),
  );
  const parts = { databases, redis, vhost, links, services };
  const stop = (): Promise<void> => stopAll(parts);
  try {
    for (const name of serviceNames) await services[name].ready();
  } catch (error) {
    await stop();
    throw error;
  }
  const urlOf = (name: ServiceName): string => bare(links.services[name].url);
  return { ...parts, urlOf, journal: createJournal(), logFolder, stop };
};

const stopAll = async (
  parts: Pick<SalePlatform, "databases" | "redis" | "vhost" | "links" | "services">,
): Promise<void> => {
  await Promise.all(serviceNames.map((name) => parts.services[name].stop()));
  await parts.links.close();
  await parts.vhost.drop();
  await parts.redis.drop();
  for (const name of serviceNames) await parts.databases[name].drop();
};

const bare = (url: string): string => new URL(url).origin;
