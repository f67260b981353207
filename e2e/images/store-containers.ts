import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureDocker } from "../cluster/docker-engine.ts";
import { Failure } from "../cluster/failure.ts";
import { cache } from "../cluster/folders.ts";
import { holdsWithin } from "../cluster/holds-within.ts";
import { outputOf, run, succeeds } from "../cluster/run-command.ts";
import { buildStoreImages, type StoreName } from "./store-images.ts";
import {
  containersOf,
  pgbouncerConfig,
  portOnHost,
  storePassword,
  type StoreContainer,
  type StoreProfile,
} from "./store-settings.ts";

export type StoreUrls = {
  /** Superuser, straight to PostgreSQL. */
  postgresUrl: string;
  /** Through PgBouncer in transaction mode; `{user}`, `{password}` and `{database}` are to be replaced. */
  pgbouncerUrl: string;
  redisUrl: string;
  rabbitmqUrl: string;
  /** Base of the management API, login included. */
  rabbitmqManagementUrl: string;
};

const prefixes: Readonly<Record<StoreProfile, string>> = {
  tests: "jatra-test",
  bench: "jatra-bench",
};
const labelOf = (profile: StoreProfile): string => `dev.jatra.project=${networkOf(profile)}`;
const networkOf = (profile: StoreProfile): string => `${prefixes[profile]}-stores`;
const readyTimeoutMs = 90_000; // RabbitMQ: 8 s on an idle machine, far more beside a busy one
/** As Kubernetes runs them: nobody's root, nothing to write to but what is mounted. */
const hardening = ["--read-only", "--user=999:999", "--cap-drop=ALL", "--tmpfs=/tmp"];

/**
 * Starts PostgreSQL, PgBouncer, Redis and RabbitMQ in containers on 127.0.0.1 with ports that Docker picks. Running
 * ones of the same images are used again (under a second), others replaced.
 */
export async function startStores(profile: StoreProfile = "tests"): Promise<StoreUrls> {
  await ensureDocker();
  const images = new Map((await buildStoreImages()).map((built) => [built.name, built.image]));
  const network = networkOf(profile);
  if (!(await succeeds("docker", ["network", "inspect", network]))) {
    await run("docker", ["network", "create", "--label", labelOf(profile), network]);
  }
  const wanted = containersOf(profile, pgbouncerFolder(profile));
  for (const container of wanted) {
    const image = images.get(container.name);
    if (!image) throw new Error(`no image was built for ${container.name}`);
    await ensureContainer(profile, container, image);
  }
  await Promise.all(wanted.map((container) => waitUntilReady(profile, container)));
  return urls(profile);
}

/** Removes the containers and their network. */
export async function stopStores(profile: StoreProfile = "tests"): Promise<void> {
  const ids = await outputOf("docker", ["ps", "-aq", "--filter", `label=${labelOf(profile)}`]);
  if (ids) await run("docker", ["rm", "-f", "-v", ...ids.split("\n")]);
  await outputOf("docker", ["network", "rm", networkOf(profile)]);
}

/** Writes PgBouncer's configuration and answers its folder. */
function pgbouncerFolder(profile: StoreProfile): string {
  const folder = profile === "tests" ? "test-stores" : `${profile}-stores`;
  writeFileSync(join(cache(folder), "pgbouncer.ini"), pgbouncerConfig(profile));
  const users = `"postgres" "${storePassword}"\n`;
  writeFileSync(join(cache(folder, "userlist"), "userlist.txt"), users);
  return cache(folder);
}

async function ensureContainer(
  profile: StoreProfile,
  container: StoreContainer,
  image: string,
): Promise<void> {
  const name = containerName(profile, container.name);
  const network = portOnHost(profile, container.name) === undefined ? networkOf(profile) : "host";
  const format = "{{.Config.Image}} {{.State.Running}} {{.HostConfig.NetworkMode}}";
  const running = await outputOf("docker", ["inspect", "--format", format, name]);
  if (running === `${image} true ${network}`) return;
  await outputOf("docker", ["rm", "-f", "-v", name]);
  const ports = [container.port, ...(container.morePorts ?? [])];
  await run("docker", [
    "create",
    `--name=${name}`,
    `--label=${labelOf(profile)}`,
    `--network=${network}`,
    ...(network === "host"
      ? []
      : [
          `--network-alias=${container.name}`,
          ...ports.map((port) => `--publish=127.0.0.1::${port}`),
        ]),
    ...hardening,
    ...container.options,
    image,
    ...container.args,
  ]);
  await run("docker", ["start", name]);
}

async function waitUntilReady(profile: StoreProfile, container: StoreContainer): Promise<void> {
  const name = containerName(profile, container.name);
  const env = ["--env", `PGPASSWORD=${storePassword}`];
  const ask = ["exec", ...env, name, ...container.ready];
  if (await holdsWithin(readyTimeoutMs, 300, () => succeeds("docker", ask))) return;
  throw new Failure(`The container ${name} does not become ready: see \`docker logs ${name}\`.`);
}

async function urls(profile: StoreProfile): Promise<StoreUrls> {
  const address = (name: StoreName, inside: number): Promise<string> =>
    publishedAddress(profile, name, inside);
  return {
    postgresUrl: `postgres://postgres:${storePassword}@${await address("postgres", 5432)}/postgres`,
    pgbouncerUrl: `postgres://{user}:{password}@${await address("pgbouncer", 5432)}/{database}`,
    redisUrl: `redis://:${storePassword}@${await address("redis", 6379)}/0`,
    rabbitmqUrl: `amqp://jatra:${storePassword}@${await address("rabbitmq", 5672)}/`,
    rabbitmqManagementUrl: `http://jatra:${storePassword}@${await address("rabbitmq", 15672)}`,
  };
}

async function publishedAddress(
  profile: StoreProfile,
  name: StoreName,
  inside: number,
): Promise<string> {
  const port = portOnHost(profile, name);
  if (port !== undefined) return `127.0.0.1:${port}`;
  const address = await run("docker", ["port", containerName(profile, name), `${inside}/tcp`]);
  return address.trim().split("\n")[0] ?? "";
}

/** The container of a store, for `docker exec` and its figures. */
export function containerName(profile: StoreProfile, store: StoreName): string {
  return `${prefixes[profile]}-${store}`;
}
