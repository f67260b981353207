/** Names of objects that more than one child refers to. Binding: docs/architecture.md. */
export const POSTGRES = "postgres";
export const POSTGRES_SERVICE = "postgres-service";
export const POSTGRES_VOLUME = "data-postgres-0";
export const POSTGRES_SECRET = "postgres-credentials";

export const PGBOUNCER = "pgbouncer";
export const PGBOUNCER_SERVICE = "pgbouncer-service";
export const PGBOUNCER_USERLIST_SECRET = "pgbouncer-userlist";
export const PGBOUNCER_PASSFILE_SECRET = "pgbouncer-passfile";

export const REDIS = "redis";
export const REDIS_SERVICE = "redis-service";
export const REDIS_VOLUME = "data-redis-0";
export const REDIS_SECRET = "redis-credentials";

export const RABBITMQ = "rabbitmq";
export const RABBITMQ_SERVICE = "rabbitmq-service";
export const RABBITMQ_VOLUME = "data-rabbitmq-0";
export const RABBITMQ_SECRET = "rabbitmq-credentials";

/** Addresses and authorities of external stores, made out of the Secrets that people gave. */
export const EXTERNAL_STORES_SECRET = "jatra-external-stores";

export const IDENTITY_SECRET = "jatra-identity";
export const INTERNAL_TOKEN_SECRET = "jatra-internal-token";
export const ADMIN_SECRET = "jatra-admin";
export const AUTH_KEYS_SECRET = "auth-service-keys";
export const TICKET_KEYS_SECRET = "ticket-service-keys";
export const PAYMENT_PROVIDER_SECRET = "payment-provider";

/** Role for people: the pool's console and reading every database. */
export const PEOPLE_ROLE = "jatra_user";
export const PEOPLE_SECRET = "jatra-user-database";

export const SERVICE_URLS_CONFIG_MAP = "jatra-services";
export const BOOTSTRAP = "database-bootstrap";

/** Secret with a service's login: keys `username` and `password`. */
export function databaseSecretName(serviceName: string): string {
  return `${serviceName}-database`;
}

/** Lease of the operator's leader, in the operator's own namespace; the chart's Role names it. */
export const LEASE_NAME = "jatra-operator";
