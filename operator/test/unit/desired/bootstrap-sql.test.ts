import assert from "node:assert/strict";
import { bootstrapJobName } from "../../../src/desired/bootstrap-job.ts";
import { bootstrapSql } from "../../../src/desired/bootstrap-sql.ts";
import { migrationJobName } from "../../../src/desired/migration-jobs.ts";
import { contextWith, platformWith } from "../../support/platform-fixture.ts";

describe("bootstrap.sql", () => {
  const sql = bootstrapSql(platformWith());

  it("makes a database and its owner for each service, closed to the public", () => {
    for (const name of ["auth", "seat", "booking", "simulator"]) {
      assert.ok(sql.includes(`'CREATE DATABASE ${name}_db OWNER ${name}_service'`));
      assert.ok(sql.includes(`REVOKE CONNECT, TEMPORARY ON DATABASE ${name}_db FROM PUBLIC;`));
      assert.ok(sql.includes(`GRANT CONNECT ON DATABASE ${name}_db TO jatra_user;`));
    }
    assert.equal(sql.match(/CREATE DATABASE/g)?.length, 12);
  });

  it("lets people read everything", () => {
    assert.ok(sql.includes("GRANT pg_read_all_data TO jatra_user;"));
  });

  it("holds no password, and keeps them out of the log", () => {
    assert.ok(sql.indexOf("log_min_error_statement TO panic") < sql.indexOf("ALTER ROLE"));
    assert.match(sql, /\\getenv AUTH_SERVICE_PASSWORD AUTH_SERVICE_PASSWORD/);
  });

  it("has a second login for each service, which acts as the owner, and locks what isn't valid", () => {
    assert.match(sql, /^GRANT auth_service TO auth_service_2;$/m);
    assert.match(sql, /^ALTER ROLE auth_service_2 SET role TO auth_service;$/m);
    assert.match(sql, /NOLOGIN.*rolname IN \('auth_service', 'auth_service_2'\)/);
    assert.equal(sql.includes("jatra_user_2"), false);
  });

  it("never drops anything", () => {
    assert.equal(/\bDROP\b/i.test(sql), false);
  });
});

describe("bootstrap.sql for an external PostgreSQL", () => {
  const postgres = { type: "External", external: { host: "db.example", secretRef: { name: "s" } } };
  const sql = bootstrapSql(platformWith({ postgres }));

  it("needs no superuser: what only one may do is left out where it isn't allowed", () => {
    assert.doesNotMatch(sql, /SUPERUSER/);
    for (const statement of ["SET log_statement", "GRANT pg_read_all_data"]) {
      const line = sql.split("\n").find((one) => one.includes(statement));
      assert.match(line ?? "", /^DO \$\$ BEGIN .+ EXCEPTION WHEN insufficient_privilege /);
    }
    assert.equal(sql.match(/CREATE DATABASE/g)?.length, 12);
  });

  it("closes its own databases alone: the others are somebody else's", () => {
    assert.doesNotMatch(sql, /REVOKE CONNECT ON DATABASE/);
    assert.ok(sql.includes("REVOKE CONNECT, TEMPORARY ON DATABASE auth_db FROM PUBLIC;"));
  });
});

describe("Jobs' names", () => {
  it("change with the image, for the service's migration alone", () => {
    const before = contextWith();
    const after = contextWith({ services: { auth: { image: "jatra/auth-service:2" } } });
    const names = (context: typeof before) =>
      context.platform.services
        .filter(({ facts }) => facts.database !== undefined)
        .map((service) => migrationJobName(context, service));
    const changed = names(after).filter((name, index) => name !== names(before)[index]);
    assert.equal(changed.length, 1);
    assert.match(changed[0] ?? "", /^auth-service-migration-[0-9a-f]{10}$/);
    assert.equal(bootstrapJobName(after), bootstrapJobName(before));
  });

  it("change with the volume: an empty database needs everything again", () => {
    const other = contextWith({}, { databaseVolume: "another" });
    assert.notEqual(bootstrapJobName(other), bootstrapJobName(contextWith()));
  });

  it("fit into a label, which Kubernetes makes of them", () => {
    const context = contextWith();
    for (const service of context.platform.services) {
      assert.ok(migrationJobName(context, service).length <= 63);
    }
  });
});
