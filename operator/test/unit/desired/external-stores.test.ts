import assert from "node:assert/strict";
import { contextOf } from "../../../src/controller/context-of.ts";
import type { Context } from "../../../src/desired/context.ts";
import { externalStoreValues } from "../../../src/desired/external-stores.ts";
import { desired } from "../../../src/desired/index.ts";
import { lackedValues } from "../../../src/desired/lacked-values.ts";
import { networkPolicies } from "../../../src/desired/network-policies.ts";
import { pgbouncerFiles } from "../../../src/desired/pgbouncer-config.ts";
import { secretProblems } from "../../../src/desired/secrets/given-secrets.ts";
import { observedObject } from "../../support/observed-fixture.ts";
import { platformWith } from "../../support/platform-fixture.ts";

const PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const caSecretRef = { name: "authority" };

const SPEC = {
  postgres: {
    type: "External",
    external: { host: "db.example", caSecretRef, secretRef: { name: "db" } },
  },
  redis: {
    type: "External",
    external: { host: "cache.example", cluster: true, caSecretRef, secretRef: { name: "cache" } },
  },
  rabbitmq: {
    type: "External",
    external: {
      host: "mq.example",
      caSecretRef,
      secretRef: { name: "mq" },
      management: { url: "https://mq.example:15671", secretRef: { name: "mq-admin" } },
    },
  },
};

const GIVEN = {
  authority: { "ca.crt": PEM },
  db: { username: "admin", password: "d" },
  cache: { password: "a/b@c:d%" },
  mq: { username: "us er", password: "p#?&" },
  "mq-admin": { username: "declarer", password: "m" },
};

const MADE = observedObject({ kind: "Secret", name: "jatra-external-stores" });

/** What desired is called with, given those Secrets of people, where the one that is made of them is there or not. */
function contextGiven(
  given: Readonly<Record<string, Record<string, string>>>,
  made = [MADE],
): Context {
  const randomSeed = () => Buffer.alloc(32, 7);
  const sources = {
    operatorNamespace: "jatra-system",
    monitoringKinds: new Set<string>(),
    randomSeed,
  };
  const children = new Map(made.map((object) => [`${object.kind}/${object.name}`, object]));
  const seen = { children, pods: [], secrets: new Map() };
  const platform = platformWith(SPEC);
  return contextOf(sources, platform, { ...seen, given: new Map(Object.entries(given)) });
}

const keyOf = (child: ReturnType<typeof desired>[number]) =>
  `${child.manifest.kind}/${child.manifest.metadata.name.replace(/-[0-9a-f]{10}$/, "")}`;

/** Children that wait for their Secrets. */
const waiting = (context: Context): string[] =>
  desired(context)
    .filter((child) => lackedValues(context, child).length > 0)
    .map(keyOf);

const templateOf = (context: Context, name: string): string =>
  JSON.stringify(desired(context).find((child) => keyOf(child) === name)?.manifest["spec"]);

describe("external stores", () => {
  const context = contextGiven(GIVEN);

  it("have addresses with every character of a login encoded", () => {
    const values = externalStoreValues(context.platform, new Map(Object.entries(GIVEN)));
    assert.deepEqual(values, {
      "redis-url": "rediss://:a%2Fb%40c%3Ad%25@cache.example:6379/?cluster=true",
      "rabbitmq-url": "amqps://us%20er:p%23%3F%26@mq.example:5671/",
      "authorities.pem": PEM,
      "postgres-authority.pem": PEM,
    });
  });

  it("are checked by their certificates, from every side", () => {
    assert.match(
      pgbouncerFiles(context.platform)["pgbouncer.ini"] ?? "",
      /^server_tls_sslmode = verify-full$/m,
    );
    assert.match(
      templateOf(context, "Job/database-bootstrap"),
      /"PGSSLMODE","value":"verify-full"/,
    );
    const migration = templateOf(context, "Job/auth-service-migration");
    assert.match(migration, /auth_db\?sslmode=verify-full"/);
    assert.match(
      migration,
      /"NODE_EXTRA_CA_CERTS","value":"\/etc\/jatra\/authorities\/authorities.pem"/,
    );
  });

  it("are in no way of the policies: nothing that leaves is refused", () => {
    for (const { manifest } of networkPolicies(context)) {
      assert.match(JSON.stringify(manifest["spec"]), /"policyTypes":\["Ingress"\]/);
    }
  });

  it("give their pods new templates when a login or an authority is renewed, and only those", () => {
    const renewed = (more: object) => contextGiven({ ...GIVEN, ...more });
    const changed = (more: object, name: string) =>
      templateOf(renewed(more), name) !== templateOf(context, name);
    const cache = { cache: { password: "new" } };
    assert.equal(changed(cache, "Deployment/api-gateway"), true);
    assert.equal(changed(cache, "Deployment/user-service"), false);
    const mq = { mq: { username: "us er", password: "new" } };
    assert.equal(changed(mq, "Deployment/user-service"), true);
    const authority = { authority: { "ca.crt": PEM.replace("MIIB", "MIIC") } };
    assert.equal(changed(authority, "Deployment/user-service"), true);
    assert.equal(changed(authority, "Deployment/pgbouncer"), false, "it reads its files again");
    assert.equal(
      changed({ "mq-admin": { username: "x", password: "y" } }, "Deployment/user-service"),
      false,
    );
  });

  it("hold back what couldn't start, and nothing else", () => {
    assert.deepEqual(waiting(context), []);
    const { cache: _, ...others } = GIVEN;
    assert.deepEqual(waiting(contextGiven(others)), [
      "Secret/jatra-external-stores",
      "Deployment/api-gateway",
      "Deployment/seat-reservation-service",
      "Deployment/payment-service",
      "Deployment/booking-service",
    ]);
    const db = waiting(contextGiven({ ...GIVEN, db: { username: "admin", password: "" } }));
    assert.deepEqual(db, ["Job/database-bootstrap"]);
    const wrong = { ...GIVEN, authority: { "ca.crt": "not a certificate" } };
    // The Secret made of them, the bootstrap, PgBouncer, twelve migrations and thirteen services.
    assert.equal(waiting(contextGiven(wrong)).length, 1 + 1 + 1 + 12 + 13);
  });

  it("hold back also what needs nothing of the Secret that is missing, before the one made of all is there", () => {
    const { cache: _, ...others } = GIVEN;
    const held = waiting(contextGiven(others, []));
    assert.ok(held.includes("Job/database-bootstrap"));
    assert.equal(held.length, 1 + 1 + 1 + 12 + 13);
    assert.deepEqual(waiting(contextGiven(GIVEN, [])), []);
  });

  it("name each Secret with its key and where the spec refers to it, and never a value", () => {
    const problems = (given: Readonly<Record<string, Record<string, string>>>) =>
      secretProblems(context.platform, new Map(Object.entries(given))).map(
        ({ message }) => message,
      );
    assert.deepEqual(problems(GIVEN), []);
    assert.equal(problems({}).length, 7);
    assert.deepEqual(problems({ ...GIVEN, mq: { user: "secret", password: "" } }), [
      "Secret mq (spec.rabbitmq.external.secretRef) has no value for keys username and password: add it (it has password, user).",
    ]);
    assert.match(
      problems({ ...GIVEN, authority: { "ca.crt": "secret" } })[0] ?? "",
      /^Secret authority \(spec.postgres.external.caSecretRef\) has no PEM certificate in key ca.crt/,
    );
  });
});
