import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";

const schema = z.object({
  postgresUrl: z.string(),
  /** With the placeholders `{user}`, `{password}`, `{database}`. */
  pgbouncerUrl: z.string(),
  redisUrl: z.string(),
  rabbitmqUrl: z.string(),
  rabbitmqManagementUrl: z.string(),
});
export type Stores = z.infer<typeof schema>;

const script = fileURLToPath(new URL("../../../e2e/images/stores.ts", import.meta.url));
let started: Promise<Stores> | undefined;

/**
 * Addresses of real PostgreSQL, PgBouncer, Redis and RabbitMQ, started in containers if they don't run. All tests of a machine
 * share them, each with its own database, vhost and Redis number. `JATRA_TEST_STORES` (the same JSON) names others.
 */
export const testStores = async (): Promise<Stores> => {
  started ??= start();
  return started;
};

const start = async (): Promise<Stores> => {
  const given = process.env["JATRA_TEST_STORES"];
  if (given !== undefined) return schema.parse(JSON.parse(given));
  const { stdout } = await promisify(execFile)(process.execPath, [script, "up"]);
  return schema.parse(JSON.parse(stdout));
};
