import { kubectlIn, STORES } from "./on-cluster.ts";

/** Passwords as people choose them: what stands in a URL has to be encoded. */
export const PASSWORDS = {
  postgres: "p@ss/w:rd?#1 é",
  redis: "r%d/s:@#?2",
  services: "s&rv=ces/@:3",
  management: "m+n@ge/ment:4",
} as const;

export const REDIS_PORTS = [7000, 7001, 7002] as const;

export const hostOf = (store: string): string => `${store}.${STORES}.svc`;

/** Where the stores' pods have their certificates. */
export const TLS = "/tls";

/** Statements as the superuser, each in a transaction of its own; answers what they select, unaligned. */
export const psql = async (database: string, ...statements: readonly string[]): Promise<string> => {
  const command = ["psql", "-U", "postgres", "-d", database, "-AtX", "-v", "ON_ERROR_STOP=1"];
  const sql = statements.flatMap((statement) => ["-c", statement]);
  return (await kubectlIn(STORES, "exec", "postgres", "--", ...command, ...sql)).trim();
};

export const rabbitmqctl = async (...args: readonly string[]): Promise<string> =>
  await kubectlIn(STORES, "exec", "rabbitmq", "--", "rabbitmqctl", "--quiet", ...args);

/** On one of the nodes. */
export const redisCli = async (port: number, ...args: readonly string[]): Promise<string> => {
  const command = ["redis-cli", "--tls", "--cacert", `${TLS}/ca.crt`, "-p", String(port)];
  return (await kubectlIn(STORES, "exec", "redis", "--", ...command, ...args)).trim();
};
