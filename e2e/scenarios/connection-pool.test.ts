import assert from "node:assert/strict";
import { kubectl } from "./support/kubectl.ts";
import { loadGateway } from "./support/load-gateway.ts";

/** The guide's promise: 1,000 clients on at most 100 connections to PostgreSQL. */
const SERVER_CONNECTIONS_MAX = 100;

const inPool = async (sql: string, database: string, ...host: string[]): Promise<string> =>
  kubectl(
    "exec",
    "deploy/pgbouncer",
    "--",
    "psql",
    ...host,
    "-p",
    "5432",
    "-U",
    "jatra_user",
    database,
    "-AtF,",
    "-c",
    sql,
  );

const rows = (csv: string): number => csv.trim().split("\n").filter(Boolean).length;

describe("connections under load", () => {
  it("PgBouncer serves more clients than it has servers, and PostgreSQL stays within its share", async () => {
    const path = `/api/search/journeys?from=DHK&to=CTG&date=${tomorrow()}`;
    const load = loadGateway(path, { requests: 4_000, atOnce: 50 });
    let clientsMax = 0;
    let serversMax = 0;
    let backendsMax = 0;
    const finished = load.then(() => true);
    do {
      clientsMax = Math.max(clientsMax, rows(await inPool("SHOW CLIENTS", "pgbouncer")));
      serversMax = Math.max(serversMax, rows(await inPool("SHOW SERVERS", "pgbouncer")));
      const sql = "select sum(numbackends) from pg_stat_database";
      backendsMax = Math.max(
        backendsMax,
        Number(await inPool(sql, "auth_db", "-h", "postgres-service")),
      );
    } while (!(await Promise.race([finished, Promise.resolve(false)])));
    await load;
    console.log(`      clients ${clientsMax}, servers ${serversMax}, backends ${backendsMax}`);
    assert.ok(clientsMax > serversMax, `${clientsMax} clients, ${serversMax} servers`);
    assert.ok(serversMax <= SERVER_CONNECTIONS_MAX, `${serversMax} servers`);
    assert.ok(backendsMax >= serversMax / 2, `only ${backendsMax} backends were counted`);
    assert.ok(backendsMax <= SERVER_CONNECTIONS_MAX, `${backendsMax} backends`);
  });
});

const tomorrow = (): string => new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
