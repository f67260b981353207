import {
  databaseSecretName,
  EXTERNAL_STORES_SECRET,
  PGBOUNCER_SERVICE,
} from "../metadata/names.ts";
import { fromSecret, plain } from "./environment.ts";
import type { EnvironmentVariable } from "./kubernetes-types.ts";
import type { Platform } from "./platform.ts";

/** Services go through the pool; migrations straight to PostgreSQL. */
export type DatabaseUser = "service" | "migration";

const VARIABLES = { service: "DATABASE_URL", migration: "MIGRATION_DATABASE_URL" } as const;

/** Key of an address in the Secret of external stores. */
export function databaseUrlKey(serviceName: string, user: DatabaseUser): string {
  return `${serviceName}-${user === "service" ? "database" : "migration"}-url`;
}

/**
 * Variables with the address of a service's database. A login that we made stands in it as it is; one that somebody chose may hold
 * characters that a URL only takes encoded, which `$(NAME)` can't do: then the whole address is in a Secret.
 */
export function databaseAddress(
  platform: Platform,
  serviceName: string,
  user: DatabaseUser,
  database: string,
): EnvironmentVariable[] {
  if (platform.postgres.secretName === undefined) {
    const key = databaseUrlKey(serviceName, user);
    return [fromSecret(VARIABLES[user], EXTERNAL_STORES_SECRET, key)];
  }
  const secret = databaseSecretName(serviceName);
  const login = "$(DATABASE_USERNAME):$(DATABASE_PASSWORD)";
  return [
    fromSecret("DATABASE_USERNAME", secret, "username"),
    fromSecret("DATABASE_PASSWORD", secret, "password"),
    plain(VARIABLES[user], databaseUrl(platform, user, database, login)),
  ];
}

/** `login` as it stands in the URL. */
export function databaseUrl(
  { postgres: { host, port, tls } }: Platform,
  user: DatabaseUser,
  database: string,
  login: string,
): string {
  if (user === "service") return `postgresql://${login}@${PGBOUNCER_SERVICE}:5432/${database}`;
  const url = `postgresql://${login}@${host}:${port}/${database}`;
  return tls ? `${url}?sslmode=verify-full` : url;
}
