import { testStores } from "@jatra/testing/stores.ts";
import pg from "pg";
import { serviceNames } from "../platform/service-table.ts";
import type { Fault } from "./fault.ts";
import { pause, someMs } from "./pause.ts";

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
    let times = 0;
    while (!signal.aborted) {
      await pause(someMs(200, 1_000), signal);
      if (signal.aborted) break;
      await client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = ANY ($1) AND pid <> pg_backend_pid()`,
        [names],
      );
      times += 1;
    }
    await client.end();
    return times;
  },
};
