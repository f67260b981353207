import { secret } from "./on-cluster.ts";
import { PASSWORDS } from "./store-commands.ts";

/** Names of the Secrets that the spec refers to. */
export const SECRETS = {
  authority: "stores-authority",
  postgres: "postgres-admin",
  redis: "redis-login",
  rabbitmq: "rabbitmq-login",
  management: "rabbitmq-management",
} as const;

type Passwords = Readonly<Record<keyof typeof PASSWORDS, string>>;

/** The Secret of PostgreSQL's login that may make databases and roles. */
export const adminSecret = ({ postgres }: Pick<Passwords, "postgres"> = PASSWORDS): object =>
  secret(SECRETS.postgres, { username: "jatra_admin", password: postgres });

/** Secrets of the logins of Redis and RabbitMQ. */
export const cacheAndBrokerSecrets = (passwords: Passwords = PASSWORDS): object[] => [
  secret(SECRETS.redis, { password: passwords.redis }),
  secret(SECRETS.rabbitmq, { username: "services", password: passwords.services }),
  secret(SECRETS.management, { username: "declarer", password: passwords.management }),
];

export const authoritySecret = (authority: string): object =>
  secret(SECRETS.authority, { "ca.crt": authority });
