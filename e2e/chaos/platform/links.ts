import { startTestProxy, type TestProxy } from "@jatra/testing/test-proxy.ts";
import { serviceNames, type ServiceName } from "./service-table.ts";

/** The stores as services reach them: PostgreSQL only ever through PgBouncer. */
export const storeTitles = {
  postgres: "PgBouncer",
  redis: "Redis",
  rabbitmq: "RabbitMQ",
} as const;
export type StoreLink = keyof typeof storeTitles;

/** A proxy before each store and each service: everything that the processes say to each other goes through one. */
export type Links = {
  readonly stores: Readonly<Record<StoreLink, TestProxy>>;
  readonly services: Readonly<Record<ServiceName, TestProxy>>;
  readonly close: () => Promise<void>;
};

export const startLinks = async (
  stores: Readonly<Record<StoreLink, string>>,
  services: Readonly<Record<ServiceName, string>>,
): Promise<Links> => {
  const storeLinks = {
    postgres: await startTestProxy(stores.postgres),
    redis: await startTestProxy(stores.redis),
    rabbitmq: await startTestProxy(stores.rabbitmq),
  };
  const serviceLinks = await forEachService((name) => startTestProxy(services[name]));
  const all = [...Object.values(storeLinks), ...Object.values(serviceLinks)];
  const close = async (): Promise<void> => void (await Promise.all(all.map((one) => one.close())));
  return { stores: storeLinks, services: serviceLinks, close };
};

/** One value a service. */
export const forEachService = async <T>(
  make: (name: ServiceName) => Promise<T>,
): Promise<Record<ServiceName, T>> => {
  const made = await Promise.all(serviceNames.map(async (name) => [name, await make(name)]));
  return Object.fromEntries(made) as Record<ServiceName, T>;
};

/** A URL as it is, but by way of a link. */
export const through = (link: TestProxy, url: string): string => {
  const passed = new URL(url);
  const { hostname, port } = new URL(link.url);
  passed.hostname = hostname;
  passed.port = port;
  return passed.href;
};
