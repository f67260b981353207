import { databaseSecretName, PEOPLE_ROLE, PEOPLE_SECRET } from "../metadata/names.ts";
import { serverConnections } from "./connection-budget.ts";
import { pgbouncerAuthority } from "./external-stores.ts";
import type { Platform } from "./platform.ts";
import { loginRoles, validLogins } from "./secrets/logins.ts";
import type { SecretValues } from "./secrets/secret-values.ts";

/**
 * Seconds a transaction may wait for a server connection; then PgBouncer cuts its client off, who mostly hears of it as a reset
 * connection. Less than the five that a service waits for a connection and for another service: PgBouncer's own default (120)
 * outlives every caller's patience, and requests would pile up behind answers that nobody waits for any more. But not much less: a
 * database that stands still for two or three seconds (a slow disk, a node short of CPU) is to cost nobody a request.
 */
const QUERY_WAIT_TIMEOUT_SECONDS = 4;

/** Connections people may hold in one pod's pools: looking, not serving. */
const PEOPLE_CONNECTIONS_MAX = 5;

/** The files PgBouncer reads, by name; both are read again on SIGHUP. */
export function pgbouncerFiles(platform: Platform): Record<string, string> {
  return { "pgbouncer.ini": ini(platform), "pg_hba.conf": HBA };
}

/**
 * The pool's console is open to whoever may run commands in the container, as the guide's
 * commands expect; everything else needs a password.
 */
const HBA = `# TYPE  DATABASE   USER        ADDRESS  METHOD
local   pgbouncer  ${PEOPLE_ROLE}           trust
local   all        all                  scram-sha-256
host    all        all         all      scram-sha-256
`;

function ini(platform: Platform): string {
  const { postgres, pgbouncer } = platform;
  const shares = serverConnections(platform);
  const databases = [...shares].map(
    ([name, size]) =>
      `${name} = host=${postgres.host} port=${postgres.port} dbname=${name}` +
      ` pool_size=${size} max_db_connections=${size}`,
  );
  const users = platform.services.flatMap(({ facts: { database } }) =>
    database === undefined
      ? []
      : loginRoles(database.role).map(
          (role) => `${role} = max_user_connections=${shares.get(database.name) ?? 1}`,
        ),
  );
  return [
    "[databases]",
    ...databases,
    "",
    "[users]",
    ...users,
    `${PEOPLE_ROLE} = max_user_connections=${PEOPLE_CONNECTIONS_MAX}`,
    "",
    "[pgbouncer]",
    "listen_addr = *",
    "listen_port = 5432",
    "unix_socket_dir = /var/run/postgresql",
    "auth_type = hba",
    "auth_hba_file = /etc/pgbouncer/pg_hba.conf",
    "auth_file = /etc/pgbouncer/userlist/userlist.txt",
    `admin_users = ${PEOPLE_ROLE}`,
    `stats_users = ${PEOPLE_ROLE}`,
    `pool_mode = ${pgbouncer.poolMode}`,
    `max_client_conn = ${pgbouncer.maxClientConnections}`,
    // Only pools without a line of their own get this: a person's look into a database.
    "default_pool_size = 1",
    "max_prepared_statements = 200",
    `query_wait_timeout = ${QUERY_WAIT_TIMEOUT_SECONDS}`,
    // PostgreSQL restarts in seconds; the default would keep everybody out for 15.
    "server_login_retry = 1",
    "server_connect_timeout = 5",
    // Drivers send these at the start; they mean nothing to a shared connection.
    "ignore_startup_parameters = extra_float_digits,options",
    ...(postgres.tls
      ? [
          "server_tls_sslmode = verify-full",
          `server_tls_ca_file = ${pgbouncerAuthority(platform).file}`,
        ]
      : // Its default asks each server first whether it speaks TLS: a round more for every connection.
        ["server_tls_sslmode = disable"]),
    // Hundreds of lines an hour that say nothing; SHOW STATS tells more.
    "log_connections = 0",
    "log_disconnections = 0",
    "log_stats = 0",
    "",
  ].join("\n");
}

/** `userlist.txt`: passwords PgBouncer checks its clients with and logs in to PostgreSQL with. */
export function userlist(platform: Platform, secrets: SecretValues): string {
  const names = platform.services.flatMap(({ facts }) =>
    facts.database === undefined ? [] : [databaseSecretName(facts.name)],
  );
  return [...names, PEOPLE_SECRET]
    .flatMap((name) => validLogins(secrets.get(name) ?? {}))
    .map(({ username, password }) => `${quoted(username)} ${quoted(password)}\n`)
    .join("");
}

/** A quote within is doubled; those that we draw have none. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
