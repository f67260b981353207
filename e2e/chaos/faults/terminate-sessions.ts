import { testStores } from "@jatra/testing/stores.ts";
import pg from "pg";
import { serviceNames } from "../platform/service-table.ts";
import { again } from "./again.ts";
import type { Fault } from "./fault.ts";

/**
 * PostgreSQL ends every session of these databases, as when it restarts: what was not committed is rolled back, and nobody is
 * told whether a commit under way still was. The container is shared with other tests, so it isn't restarted itself.
 */
export const terminateSessions: Fault = {
  name: "PostgreSQL ends all sessions, as at a restart",
  inject: async ({ databases }, signal) => {
    const names = serviceNames.map((name) => new URL(databases[name].url).pathname.slice(1));
    const client = new pg.Client({ connectionString: (await testStores()).postgresUrl });
    await client.connect();
    const times = await again(signal, [200, 1_000], async () => {
      await client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = ANY ($1) AND pid <> pg_backend_pid()`,
        [names],
      );
    });
    await client.end();
    return times;
  },
};
