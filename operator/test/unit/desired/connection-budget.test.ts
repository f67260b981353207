import assert from "node:assert/strict";
import {
  connectionBudget,
  poolPodsMax,
  serverConnections,
} from "../../../src/desired/connection-budget.ts";
import { desired } from "../../../src/desired/index.ts";
import { pgbouncerFiles, userlist } from "../../../src/desired/pgbouncer-config.ts";
import { contextWith, platformWith } from "../../support/platform-fixture.ts";

describe("the connection budget", () => {
  it("fits 1000 clients with every service of `spec: {}` at its maximum", () => {
    assert.deepEqual(connectionBudget(platformWith()), {
      clientsMax: 1000,
      clientsNeeded: 978,
      serversMax: 100,
      serversPerPool: 50,
    });
  });

  it("counts what a higher maximum would need", () => {
    const services = { "seat-reservation": { autoscaling: { maxReplicas: 40 } } };
    assert.equal(connectionBudget(platformWith({ services })).clientsNeeded, 978 + 20 * 8);
  });

  for (const replicas of [1, 2, 3, 5]) {
    it(`never opens more than 100 server connections with ${replicas} pods and one more`, () => {
      const platform = platformWith({ pgbouncer: { replicas } });
      const shares = [...serverConnections(platform).values()];
      const sum = shares.reduce((total, share) => total + share, 0);
      assert.ok(sum * poolPodsMax(platform.pgbouncer) <= 100, `${sum} a pod`);
      assert.ok(shares.every((share) => share >= 1));
    });
  }
});

describe("the pool's pods and PostgreSQL beside a changed limit", () => {
  const specOf = (kind: string, name: string, spec: object) =>
    desired(contextWith(spec)).find(
      ({ manifest }) => manifest.kind === kind && manifest.metadata.name === name,
    )?.manifest["spec"];

  it("stay as they are for fewer connections: that is a reload, no restart", () => {
    const fewer = { pgbouncer: { maxServerConnections: 60, maxClientConnections: 1200 } };
    assert.deepEqual(
      specOf("StatefulSet", "postgres", fewer),
      specOf("StatefulSet", "postgres", {}),
    );
    assert.deepEqual(
      specOf("Deployment", "pgbouncer", fewer),
      specOf("Deployment", "pgbouncer", {}),
    );
    const more = { pgbouncer: { maxServerConnections: 300 } };
    assert.match(JSON.stringify(specOf("StatefulSet", "postgres", more)), /max_connections=325/);
  });

  it("go one after another, each when the last one has gone", () => {
    const of = (replicas: number) =>
      JSON.stringify(specOf("Deployment", "pgbouncer", { pgbouncer: { replicas } }));
    assert.match(of(2), /"minReadySeconds":60/);
    assert.match(of(2), /"terminationGracePeriodSeconds":60/);
    assert.doesNotMatch(of(1), /minReadySeconds/);
  });
});

describe("pgbouncer.ini", () => {
  it("limits each database and its role to its share", () => {
    const platform = platformWith();
    const ini = pgbouncerFiles(platform)["pgbouncer.ini"] ?? "";
    for (const [database, share] of serverConnections(platform)) {
      const line = ini.split("\n").find((text) => text.startsWith(`${database} = `));
      assert.match(line ?? "", new RegExp(` pool_size=${share} max_db_connections=${share}$`));
    }
    assert.match(ini, /^seat_service = max_user_connections=7$/m);
  });

  it("lets people look without being an administrator of PostgreSQL", () => {
    const ini = pgbouncerFiles(platformWith())["pgbouncer.ini"] ?? "";
    assert.match(ini, /^admin_users = jatra_user$/m);
    assert.match(ini, /^stats_users = jatra_user$/m);
    assert.match(ini, /^pool_mode = transaction$/m);
    assert.match(ini, /^max_client_conn = 1000$/m);
    assert.match(ini, /^max_prepared_statements = 200$/m);
  });

  it("opens the console to people in the container and nothing else", () => {
    const rules = (pgbouncerFiles(platformWith())["pg_hba.conf"] ?? "")
      .split("\n")
      .filter((line) => line.endsWith("trust"));
    assert.deepEqual(
      rules.map((rule) => rule.split(/\s+/)),
      [["local", "pgbouncer", "jatra_user", "trust"]],
    );
  });

  it("knows the password of every role", () => {
    const { platform, secrets } = contextWith();
    const lines = userlist(platform, secrets).trim().split("\n");
    assert.equal(lines.length, 13);
    for (const line of lines) assert.match(line, /^"[a-z_]+" "[A-Za-z0-9_-]{32}"$/);
  });
});
