import assert from "node:assert/strict";
import { contextOf } from "../../../src/controller/context-of.ts";
import type { Context } from "../../../src/desired/context.ts";
import { desired } from "../../../src/desired/index.ts";
import { lackedValues } from "../../../src/desired/lacked-values.ts";
import { userlist } from "../../../src/desired/pgbouncer-config.ts";
import { secretProblems } from "../../../src/desired/secrets/given-secrets.ts";
import { generatedSecrets } from "../../../src/desired/secrets/secret-table.ts";
import type { SecretValues } from "../../../src/desired/secrets/secret-values.ts";
import { finishedJob, observedObject } from "../../support/observed-fixture.ts";
import { platformWith } from "../../support/platform-fixture.ts";
import { conditions, viewWith } from "../../support/view-fixture.ts";
import { platformStatus } from "../../../src/status/index.ts";
import type { View } from "../../../src/status/view.ts";

const platform = platformWith({
  postgres: { type: "External", external: { host: "db.example", databases: "Precreated" } },
});
const databases = platform.services.flatMap(({ facts }) =>
  facts.database === undefined ? [] : [facts.name],
);
/** As people choose them: with what a URL takes only encoded, and a quote. */
const logins: SecretValues = new Map(
  databases.map((name) => [
    `${name}-database`,
    { username: `${name}@team`, password: 'p@ss/w"rd' },
  ]),
);

/** What the Secret is made into that pods take addresses from. */
const MADE = observedObject({ kind: "Secret", name: "jatra-external-stores" });

function contextGiven(given: SecretValues, made = [MADE]) {
  const sources = {
    operatorNamespace: "jatra-system",
    monitoringKinds: new Set<string>(),
    randomSeed: () => Buffer.alloc(32, 7),
  };
  const children = new Map(made.map((object) => [`${object.kind}/${object.name}`, object]));
  const seen = { children, pods: [], secrets: new Map() };
  return contextOf(sources, platform, { ...seen, given });
}

/** Names of the children that wait for values out of Secrets. */
const heldIn = (context: Context): string[] =>
  desired(context)
    .filter((child) => lackedValues(context, child).length > 0)
    .map(({ manifest }) => manifest.metadata.name.replace(/-[0-9a-f]{10}$/, ""));

describe("databases that somebody else has made", () => {
  const context = contextGiven(logins);
  const children = desired(context);
  const named = (key: string) =>
    children.find(({ manifest }) => `${manifest.kind}/${manifest.metadata.name}`.startsWith(key));

  it("need no Job that makes them, and migrations wait for none", () => {
    assert.equal(named("Job/database-bootstrap"), undefined);
    assert.equal(named("ConfigMap/database-bootstrap"), undefined);
    assert.deepEqual(named("Job/auth-service-migration")?.after, []);
  });

  it("have logins of people, in none of the Secrets that are generated", () => {
    const generated = new Set(generatedSecrets(platform).map(({ name }) => name));
    assert.deepEqual(
      [...logins.keys()].filter((name) => generated.has(name)),
      [],
    );
    assert.equal(named("Secret/auth-service-database"), undefined);
  });

  it("are reached with every character of a login encoded, by way of the pool and straight", () => {
    const values = context.secrets.get("jatra-external-stores") ?? {};
    const login = "auth-service%40team:p%40ss%2Fw%22rd";
    assert.equal(
      values["auth-service-database-url"],
      `postgresql://${login}@pgbouncer-service:5432/auth_db`,
    );
    assert.equal(
      values["auth-service-migration-url"],
      `postgresql://${login}@db.example:5432/auth_db?sslmode=verify-full`,
    );
    const template = JSON.stringify(named("Deployment/auth-service")?.manifest["spec"]);
    assert.match(template, /"DATABASE_URL","valueFrom":\{"secretKeyRef":\{"name":"jatra-external-/);
    assert.match(userlist(platform, context.secrets), /^"auth-service@team" "p@ss\/w""rd"$/m);
  });

  it("give their service new pods when its login is renewed, and no other", () => {
    const renewed = new Map(logins).set("auth-service-database", {
      username: "auth-service@team",
      password: "new",
    });
    const template = (given: SecretValues, name: string) =>
      JSON.stringify(
        desired(contextGiven(given)).find(
          ({ manifest }) => manifest.kind === "Deployment" && manifest.metadata.name === name,
        )?.manifest["spec"],
      );
    assert.notEqual(template(renewed, "auth-service"), template(logins, "auth-service"));
    assert.equal(template(renewed, "user-service"), template(logins, "user-service"));
    assert.equal(template(renewed, "pgbouncer"), template(logins, "pgbouncer"));
  });

  it("name the Secret of a login that is missing, and hold back what needs it", () => {
    const { "auth-service-database": _, ...others } = Object.fromEntries(logins);
    const given = new Map(Object.entries(others));
    assert.deepEqual(
      secretProblems(platform, given).map(({ message }) => message),
      [
        "Secret auth-service-database (spec.postgres.external.databases) doesn't exist: make it with keys username and password.",
      ],
    );
    const needing = ["jatra-external-stores", "auth-service-migration", "auth-service"];
    assert.deepEqual(heldIn(contextGiven(given)), needing);
  });

  it("start nobody before the last login is there: pods would wait for a Secret that isn't made", () => {
    const { "auth-service-database": _, ...others } = Object.fromEntries(logins);
    const held = heldIn(contextGiven(new Map(Object.entries(others)), []));
    const each = databases.flatMap((name) => [`${name}-migration`, name]);
    assert.deepEqual(held.toSorted(), ["jatra-external-stores", ...each].toSorted());
    assert.deepEqual(heldIn(contextGiven(logins, [])), []);
  });

  it("take a second login while pods of before use it, which gives nobody new pods", () => {
    const changing = new Map(logins).set("auth-service-database", {
      username: "auth-service@team",
      password: 'p@ss/w"rd',
      "previous-username": "auth-service@before",
      "previous-password": "of before",
    });
    const given = contextGiven(changing);
    assert.match(userlist(platform, given.secrets), /^"auth-service@before" "of before"$/m);
    assert.match(userlist(platform, given.secrets), /^"auth-service@team" /m);
    const workloads = (all: typeof children) => all.filter(({ manifest }) => manifest["spec"]);
    assert.deepEqual(workloads(desired(given)), workloads(children));
  });
});

describe("DatabaseReady of databases that somebody else has made", () => {
  const look = (more: Partial<View>, job = finishedJob("auth-service-migration", "Complete")) =>
    viewWith([job], { platform, bootstrapJob: undefined, ...more });

  it("holds when every service's migration got into its database", () => {
    assert.equal(conditions(look({}))["DatabaseReady"], "True DatabasesReached");
  });

  it("names the login of a migration that doesn't get through", () => {
    const trying = observedObject({
      kind: "Job",
      name: "auth-service-migration",
      status: { failed: 2 },
    });
    const view = look({}, trying);
    assert.equal(conditions(view)["DatabaseReady"], "False MigrationFailing");
    const found = platformStatus(view, undefined, "2026-11-22T18:00:00Z").conditions?.find(
      ({ type }) => type === "DatabaseReady",
    );
    assert.equal(
      found?.message,
      "The migrations of auth-service don't get through: kubectl logs job/auth-service-migration says why. It logs in with Secret auth-service-database.",
    );
  });

  it("waits for the first migrations only", () => {
    const running = observedObject({ kind: "Job", name: "auth-service-migration", status: {} });
    const rollout = { wish: "a", revision: 1, message: "" };
    const installing = look({ rollout: { ...rollout, phase: "Installing" } }, running);
    assert.equal(conditions(installing)["DatabaseReady"], "False MigrationsRunning");
    const rolling = look({ rollout: { ...rollout, phase: "Rolling" } }, running);
    assert.equal(conditions(rolling)["DatabaseReady"], "True DatabasesReached");
  });
});
