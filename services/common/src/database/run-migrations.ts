import { z } from "zod";
import { parseConfig } from "../config/parse-config.ts";
import { createLogger } from "../logging/logger.ts";
import { migrate } from "./migrate.ts";

const schema = z.object({
  SERVICE_NAME: z.string().default("migration"),
  MIGRATION_DATABASE_URL: z.url(),
});

/** The whole of a service's `migrate.ts`: configuration, migration, exit code. */
export const runMigrations = async (
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> => {
  const config = parseConfig(schema, environment);
  const logger = createLogger(config.SERVICE_NAME, "info");
  await migrate({ databaseUrl: config.MIGRATION_DATABASE_URL, folder, logger });
};
