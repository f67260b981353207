import type { StoreName } from "./store-images.ts";

/**
 * `tests`: data in memory and no fsync, for many short-lived databases. `bench`: data on disk, with PostgreSQL's own
 * durable defaults and the append-only file of Redis that the operator sets, for figures that mean something.
 */
export type StoreProfile = "tests" | "bench";

export type StoreContainer = {
  name: StoreName;
  port: number;
  /** Further ports to publish. */
  morePorts?: readonly number[];
  options: readonly string[];
  args: readonly string[];
  /** A command in the container that succeeds once the store serves. */
  ready: readonly string[];
};

/** Only ever on 127.0.0.1, with data that a test made. */
export const storePassword = "jatra-test";

const socketFolder = "--tmpfs=/var/run/postgresql:uid=999,gid=999";

/** What is started; `pgbouncerFolder` holds PgBouncer's configuration on this machine. */
export const containersOf = (
  profile: StoreProfile,
  pgbouncerFolder: string,
): readonly StoreContainer[] => [
  {
    name: "postgres",
    port: 5432,
    options: [
      socketFolder,
      dataFolder(profile, "/var/lib/postgresql/data"),
      "--shm-size=256m",
      `--env=POSTGRES_PASSWORD=${storePassword}`,
    ],
    args: [...postgresArgs[profile], ...onHost(profile, "postgres", postgresOnHost)],
    ready: [...psql(listenPort(profile, "postgres", 5432)), "-c", "SELECT 1"],
  },
  {
    name: "pgbouncer",
    port: 5432,
    options: [socketFolder, `--volume=${pgbouncerFolder}:/etc/pgbouncer:ro`],
    args: [],
    ready: [...psql(listenPort(profile, "pgbouncer", 5432)), "pgbouncer", "-c", "SHOW VERSION"],
  },
  {
    name: "redis",
    port: 6379,
    options: [
      dataFolder(profile, "/data"),
      `--env=REDIS_PASSWORD=${storePassword}`,
      `--env=REDISCLI_AUTH=${storePassword}`,
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
      `--env=RABBITMQ_DEFAULT_PASS=${storePassword}`,
      "--env=RABBITMQ_ERLANG_COOKIE=jatra-test",
    ],
    args: [],
    // Not rabbitmqctl: that boots an Erlang machine, 2 s a try.
    ready: ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/15672 && exec 4<>/dev/tcp/127.0.0.1/5672"],
  },
];

/** A folder in memory, or an anonymous volume, which `docker rm -v` removes with its container. */
const dataFolder = (profile: StoreProfile, path: string): string =>
  profile === "tests" ? `--tmpfs=${path}:uid=999,gid=999` : `--volume=${path}`;

/** Every test file has a database of its own; durability is worth nothing to data in memory. */
const postgresArgs: Readonly<Record<StoreProfile, readonly string[]>> = {
  tests: ["-c", "max_connections=400", "-c", "fsync=off", "-c", "full_page_writes=off"],
  bench: ["-c", "max_connections=400", "-c", "fsync=on", "-c", "synchronous_commit=on"],
};
const redisArgs: Readonly<Record<StoreProfile, readonly string[]>> = {
  tests: ["--save", ""],
  bench: ["--save", "", "--appendonly", "yes", "--appendfsync", "everysec"],
};

/** Arguments for a store that listens on the machine itself. */
const onHost = (
  profile: StoreProfile,
  store: StoreName,
  argsOf: (port: number) => readonly string[],
): readonly string[] => {
  const port = portOnHost(profile, store);
  return port === undefined ? [] : argsOf(port);
};

const postgresOnHost = (port: number): readonly string[] => {
  const address = ["-c", "listen_addresses=127.0.0.1"];
  return ["-c", `port=${port}`, ...address];
};

const redisOnHost = (port: number): readonly string[] => {
  const address = ["--bind", "127.0.0.1"];
  return ["--port", String(port), ...address];
};

const psql = (port: number): readonly string[] => {
  const login = ["-U", "postgres"];
  return ["psql", "-h", "127.0.0.1", "-p", String(port), ...login];
};

/** `redis-cli` in the container of Redis; the password comes by its environment. */
export const redisCli = (profile: StoreProfile): readonly string[] => [
  "redis-cli",
  "-p",
  String(listenPort(profile, "redis", 6379)),
];

/**
 * On Linux the bench's stores stand in the machine's own network, on 127.0.0.1 and these ports, as pods reach each other
 * without a copying process in between: Docker's port forwarder took a tenth of all CPU time of a hold. Elsewhere, and for
 * the tests, Docker publishes ports of its choice. (The numbers are below the range of outgoing connections.) RabbitMQ
 * stays behind the forwarder: its node would take three more ports, and its messages go in batches.
 */
const hostPorts: Readonly<Partial<Record<StoreName, number>>> = {
  postgres: 25432,
  pgbouncer: 26432,
  redis: 26379,
};

/** The port of the machine that a store listens at; none where it has a network of its own. */
export const portOnHost = (profile: StoreProfile, store: StoreName): number | undefined =>
  profile === "bench" && process.platform === "linux" ? hostPorts[store] : undefined;

/** Where a store listens: in its container's network, or in the machine's. */
const listenPort = (profile: StoreProfile, store: StoreName, usual: number): number =>
  portOnHost(profile, store) ?? usual;

export const pgbouncerConfig = (profile: StoreProfile): string => {
  const postgres = portOnHost(profile, "postgres") === undefined ? "postgres" : "127.0.0.1";
  const own = portOnHost(profile, "pgbouncer") === undefined ? "*" : "127.0.0.1";
  return `[databases]
* = host=${postgres} port=${listenPort(profile, "postgres", 5432)}
[pgbouncer]
listen_addr = ${own}
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
};
