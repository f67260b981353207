import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureDocker } from "../cluster/docker-engine.ts";
import { Failure } from "../cluster/failure.ts";
import { cache } from "../cluster/folders.ts";
import { holdsWithin } from "../cluster/holds-within.ts";
import { outputOf, run, succeeds } from "../cluster/run-command.ts";
import { buildStoreImages, type StoreName } from "./store-images.ts";

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

type StoreContainer = {
  name: StoreName;
  port: number;
  /** Further ports to publish. */
  morePorts?: readonly number[];
  options: readonly string[];
  args: readonly string[];
  /** A command in the container that succeeds once the store serves. */
  ready: readonly string[];
};

/**
 * `tests`: data in memory and no fsync, for many short-lived databases. `bench`: data on disk, with PostgreSQL's own
 * durable defaults and the append-only file of Redis that the operator sets, for figures that mean something.
 */
export type StoreProfile = "tests" | "bench";

const prefixes: Readonly<Record<StoreProfile, string>> = {
  tests: "jatra-test",
  bench: "jatra-bench",
};
const labelOf = (profile: StoreProfile): string => `dev.jatra.project=${networkOf(profile)}`;
const networkOf = (profile: StoreProfile): string => `${prefixes[profile]}-stores`;
const password = "jatra-test"; // only ever on 127.0.0.1, with data that a test made
const readyTimeoutMs = 90_000; // RabbitMQ: 8 s on an idle machine, far more beside a busy one
/** As Kubernetes runs them: nobody's root, nothing to write to but what is mounted. */
const hardening = ["--read-only", "--user=999:999", "--cap-drop=ALL", "--tmpfs=/tmp"];
const socketFolder = "--tmpfs=/var/run/postgresql:uid=999,gid=999";

/**
 * On Linux the bench's stores stand in the machine's own network, on 127.0.0.1 and these ports, as pods reach each other
 * without a copying process in between: Docker's port forwarder took a tenth of all CPU time of a hold. Elsewhere,
 * and for the tests, Docker publishes ports of its choice. (The numbers are below the range of outgoing connections.) RabbitMQ stays behind the forwarder: its node would take
 * three more ports, and its messages go in batches.
 */
const hostPorts: Readonly<Partial<Record<StoreName, number>>> = {
  postgres: 25432,
  pgbouncer: 26432,
  redis: 26379,
};
const portOnHost = (profile: StoreProfile, store: StoreName): number | undefined =>
  profile === "bench" && process.platform === "linux" ? hostPorts[store] : undefined;

/** Where a store listens: in its container's network, or in the machine's. */
const listenPort = (profile: StoreProfile, store: StoreName, usual: number): number =>
  portOnHost(profile, store) ?? usual;

const pgbouncerConfig = (profile: StoreProfile): string => `[databases]
* = host=${portOnHost(profile, "postgres") === undefined ? "postgres" : "127.0.0.1"} port=${listenPort(profile, "postgres", 5432)}
[pgbouncer]
listen_addr = ${portOnHost(profile, "pgbouncer") === undefined ? "*" : "127.0.0.1"}
listen_port = ${listenPort(profile, "pgbouncer", 5432)}
unix_socket_dir = /var/run/postgresql
pool_mode = transaction
auth_type = scram-sha-256
auth_file = /etc/pgbouncer/userlist/userlist.txt
auth_user = postgres
auth_dbname = postgres
auth_query = SELECT rolname, rolpassword FROM pg_authid WHERE rolname = $1 AND rolcanlogin
admin_users = postgres
max_client_conn = 1000
default_pool_size = 10
max_prepared_statements = 200
server_idle_timeout = 5
log_connections = 0
log_disconnections = 0
`;

/** Every test file has a database of its own; durability is worth nothing to data in memory. */
const postgresArgs: Readonly<Record<StoreProfile, readonly string[]>> = {
  tests: ["-c", "max_connections=400", "-c", "fsync=off", "-c", "full_page_writes=off"],
  bench: ["-c", "max_connections=400", "-c", "fsync=on", "-c", "synchronous_commit=on"],
};
const redisArgs: Readonly<Record<StoreProfile, readonly string[]>> = {
  tests: ["--save", ""],
  bench: ["--save", "", "--appendonly", "yes", "--appendfsync", "everysec"],
};

/** A folder in memory, or an anonymous volume, which `docker rm -v` removes with its container. */
const dataFolder = (profile: StoreProfile, path: string): string =>
  profile === "tests" ? `--tmpfs=${path}:uid=999,gid=999` : `--volume=${path}`;

const containersOf = (profile: StoreProfile): readonly StoreContainer[] => [
  {
    name: "postgres",
    port: 5432,
    options: [
      socketFolder,
      dataFolder(profile, "/var/lib/postgresql/data"),
      "--shm-size=256m",
      `--env=POSTGRES_PASSWORD=${password}`,
    ],
    args: [...postgresArgs[profile], ...onHost(profile, "postgres", postgresOnHost)],
    ready: [...psql(listenPort(profile, "postgres", 5432)), "-c", "SELECT 1"],
  },
  {
    name: "pgbouncer",
    port: 5432,
    options: [socketFolder, `--volume=${pgbouncerFolder(profile)}:/etc/pgbouncer:ro`],
    args: [],
    ready: [...psql(listenPort(profile, "pgbouncer", 5432)), "pgbouncer", "-c", "SHOW VERSION"],
  },
  {
    name: "redis",
    port: 6379,
    options: [
      dataFolder(profile, "/data"),
      `--env=REDIS_PASSWORD=${password}`,
      `--env=REDISCLI_AUTH=${password}`,
    ],
    args: [
      "redis-server",
      ...redisArgs[profile],
      "--maxmemory-policy",
      "noeviction",
      ...onHost(profile, "redis", redisOnHost),
    ],
    ready: [...redisCli(profile), "ping"],
  },
  {
    name: "rabbitmq",
    port: 5672,
    morePorts: [15672],
    options: [
      dataFolder(profile, "/var/lib/rabbitmq"),
      "--env=RABBITMQ_DEFAULT_USER=jatra",
      `--env=RABBITMQ_DEFAULT_PASS=${password}`,
      "--env=RABBITMQ_ERLANG_COOKIE=jatra-test",
    ],
    args: [],
    // Not rabbitmqctl: that boots an Erlang machine, 2 s a try.
    ready: ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/15672 && exec 4<>/dev/tcp/127.0.0.1/5672"],
  },
];

/** Arguments for a store that listens on the machine itself. */
function onHost(
  profile: StoreProfile,
  store: StoreName,
  argsOf: (port: number) => readonly string[],
): readonly string[] {
  const port = portOnHost(profile, store);
  return port === undefined ? [] : argsOf(port);
}

function postgresOnHost(port: number): readonly string[] {
  return ["-c", `port=${port}`, "-c", "listen_addresses=127.0.0.1"];
}

function redisOnHost(port: number): readonly string[] {
  return ["--port", String(port), "--bind", "127.0.0.1"];
}

function psql(port: number): readonly string[] {
  return ["psql", "-h", "127.0.0.1", "-p", String(port), "-U", "postgres"];
}

/** `redis-cli` in the container of Redis; the password comes by its environment. */
export function redisCli(profile: StoreProfile): readonly string[] {
  return ["redis-cli", "-p", String(listenPort(profile, "redis", 6379))];
}

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
  const wanted = containersOf(profile);
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
  const users = `"postgres" "${password}"\n`;
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
  const env = ["--env", `PGPASSWORD=${password}`];
  const ask = ["exec", ...env, name, ...container.ready];
  if (await holdsWithin(readyTimeoutMs, 300, () => succeeds("docker", ask))) return;
  throw new Failure(`The container ${name} does not become ready: see \`docker logs ${name}\`.`);
}

async function urls(profile: StoreProfile): Promise<StoreUrls> {
  const address = (name: StoreName, inside: number): Promise<string> =>
    publishedAddress(profile, name, inside);
  return {
    postgresUrl: `postgres://postgres:${password}@${await address("postgres", 5432)}/postgres`,
    pgbouncerUrl: `postgres://{user}:{password}@${await address("pgbouncer", 5432)}/{database}`,
    redisUrl: `redis://:${password}@${await address("redis", 6379)}/0`,
    rabbitmqUrl: `amqp://jatra:${password}@${await address("rabbitmq", 5672)}/`,
    rabbitmqManagementUrl: `http://jatra:${password}@${await address("rabbitmq", 15672)}`,
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
