import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { testStores } from "@jatra/testing/stores.ts";
import pg from "pg";
import { CommandFailed, run } from "../../cluster/run-command.ts";
import { repository } from "../../cluster/folders.ts";
import { externalStoreValues } from "../../../operator/src/desired/external-stores.ts";
import { platformWith } from "../../../operator/test/support/platform-fixture.ts";

/** As people name them. Each run has a name of its own: the store is shared. */
const LOGIN = { username: `users@team-${randomUUID()}`, password: 'p@ss/w"rd?#1 é' };
/** The name is the platform's, and no other test's. */
const DATABASE = "user_db";

describe("a database that somebody else has made", function () {
  this.timeout(60_000);
  let admin: pg.Client;
  let port = 0;
  let host = "";

  before(async () => {
    const url = new URL((await testStores()).postgresUrl);
    ({ hostname: host } = url);
    port = Number(url.port);
    admin = new pg.Client({ connectionString: url.href });
    await admin.connect();
    // Of a run that was broken off.
    await admin.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
    const role = pg.escapeIdentifier(LOGIN.username);
    await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD ${pg.escapeLiteral(LOGIN.password)}`);
    await admin.query(`CREATE DATABASE ${DATABASE} OWNER ${role}`);
  });
  after(async () => {
    await admin.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
    await admin.query(`DROP ROLE IF EXISTS ${pg.escapeIdentifier(LOGIN.username)}`);
    await admin.end();
  });

  /** The service's own migration, with the address that its Job gets. */
  const migrate = async (password: string): Promise<string> => {
    const external = { host, port, tls: false, databases: "Precreated" };
    const platform = platformWith({ postgres: { type: "External", external } });
    const given = new Map([["user-service-database", { ...LOGIN, password }]]);
    const address = externalStoreValues(platform, given)["user-service-migration-url"] ?? "";
    return await run(process.execPath, ["src/migrate.ts"], {
      cwd: join(repository, "services/user"),
      env: { SERVICE_NAME: "user-service", MIGRATION_DATABASE_URL: address },
    });
  };

  it("gets its tables by the login that was given, whatever characters are in it", async () => {
    await migrate(LOGIN.password);
    const { username: user, password } = LOGIN;
    const client = new pg.Client({ host, port, database: DATABASE, user, password });
    await client.connect();
    try {
      const { rows } = await client.query<{ owner: string }>(
        "SELECT DISTINCT tableowner AS owner FROM pg_tables WHERE schemaname = 'public'",
      );
      assert.deepEqual(rows, [{ owner: LOGIN.username }]);
    } finally {
      await client.end();
    }
  });

  it("isn't reached by another password", async () => {
    await assert.rejects(migrate("of before"), (error) => {
      assert.ok(error instanceof CommandFailed);
      assert.match(error.output, /password authentication failed/);
      return true;
    });
  });
});
