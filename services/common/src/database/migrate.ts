import { runner } from "node-pg-migrate";
import type { Logger } from "../logging/logger.ts";

/**
 * Applies the service's pending migrations (`migrations/000001_*.sql`, in order, each in a transaction, under an advisory lock, so
 * that two Jobs can't collide). Needs a direct connection: advisory locks of a session don't survive PgBouncer's
 * transaction mode. Answers the names that were applied.
 */
export const migrate = async (options: {
  readonly databaseUrl: string;
  readonly folder: string;
  readonly logger: Logger;
}): Promise<string[]> => {
  const applied = await runner({
    databaseUrl: options.databaseUrl,
    dir: options.folder,
    direction: "up",
    migrationsTable: "schema_migrations",
    checkOrder: true,
    log: () => undefined,
  });
  const names = applied.map((migration) => migration.name);
  options.logger.info({ applied: names }, "schema is up to date");
  return names;
};
