import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { migrate } from "@jatra/common/database/migrate.ts";
import { createPool } from "@jatra/common/database/pool.ts";
import pg from "pg";
import { silentLogger } from "./silent-logger.ts";
import { testStores, type Stores } from "./stores.ts";

export type TestDatabase = {
  /** Through PgBouncer in transaction mode, as the services reach theirs. */
  readonly pool: pg.Pool;
  readonly url: string;
  /** Straight to PostgreSQL: for migrations, and for what PgBouncer's mode can't do. */
  readonly directUrl: string;
  readonly drop: () => Promise<void>;
};

/** Only ever on 127.0.0.1, for data that a test made. */
const PASSWORD = "jatra-test";

/**
 * A fresh database with a login role of its own. `folder`: its migrations; `sql`: statements to run instead or afterwards. Use
 * one a test file and `drop` it in `after`.
 */
export const createTestDatabase = async (
  options: {
    readonly folder?: string | URL;
    readonly sql?: string;
    readonly poolSize?: number;
  } = {},
): Promise<TestDatabase> => {
  const stores = await testStores();
  const name = `test_${randomBytes(8).toString("hex")}`;
  await asSuperuser(stores, [
    `CREATE ROLE ${name} LOGIN PASSWORD '${PASSWORD}'`,
    `CREATE DATABASE ${name} OWNER ${name}`,
  ]);
  const directUrl = withLogin(stores.postgresUrl, name);
  const url = stores.pgbouncerUrl
    .replace("{user}", name)
    .replace("{password}", PASSWORD)
    .replace("{database}", name);
  if (options.folder !== undefined) await migrateFolder(directUrl, options.folder);
  const pool = createPool({ url, size: options.poolSize ?? 10, logger: silentLogger });
  if (options.sql !== undefined) await pool.query(options.sql);
  const drop = async (): Promise<void> => {
    if (!pool.ended) await pool.end();
    await asSuperuser(stores, [`DROP DATABASE ${name} WITH (FORCE)`, `DROP ROLE ${name}`]);
  };
  return { pool, url, directUrl, drop };
};

const migrateFolder = async (databaseUrl: string, folder: string | URL): Promise<void> => {
  const path = folder instanceof URL ? fileURLToPath(folder) : folder;
  await migrate({ databaseUrl, folder: path, logger: silentLogger });
};

const withLogin = (postgresUrl: string, name: string): string => {
  const url = new URL(postgresUrl);
  url.username = name;
  url.password = PASSWORD;
  url.pathname = `/${name}`;
  return url.href;
};

const asSuperuser = async (stores: Stores, statements: readonly string[]): Promise<void> => {
  const client = new pg.Client({ connectionString: stores.postgresUrl });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
};
