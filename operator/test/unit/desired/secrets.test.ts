import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { secretValues } from "../../../src/desired/secrets/secret-values.ts";
import { generatedSecretChildren } from "../../../src/desired/generated-secrets.ts";
import { contextWith, platformWith } from "../../support/platform-fixture.ts";

const SEED = Buffer.alloc(32, 1);
const OTHER_SEED = Buffer.alloc(32, 2);

describe("generated Secrets", () => {
  it("are drawn from the seed alone", () => {
    const first = secretValues(platformWith(), new Map(), SEED);
    assert.deepEqual(secretValues(platformWith(), new Map(), SEED), first);
    const other = secretValues(platformWith(), new Map(), OTHER_SEED);
    assert.notDeepEqual(other.get("postgres-credentials"), first.get("postgres-credentials"));
  });

  it("keep what exists, whatever the seed", () => {
    const first = secretValues(platformWith(), new Map(), SEED);
    assert.deepEqual(secretValues(platformWith(), first, OTHER_SEED), first);
  });

  it("fill in a key that was lost or emptied, and leave the others", () => {
    const existing = new Map([["rabbitmq-credentials", { username: "jatra", password: "" }]]);
    const values = secretValues(platformWith(), existing, SEED).get("rabbitmq-credentials");
    assert.equal(values?.["username"], "jatra");
    assert.match(values?.["password"] ?? "", /^[A-Za-z0-9_-]{32}$/);
    assert.match(values?.["erlang-cookie"] ?? "", /^[A-Za-z0-9_-]{32}$/);
  });

  it("never draw the same password twice", () => {
    const passwords = [...secretValues(platformWith(), new Map(), SEED).values()].flatMap(
      ({ password }) => (password === undefined ? [] : [password]),
    );
    assert.equal(passwords.length, 17);
    assert.equal(new Set(passwords).size, passwords.length);
  });

  it("stand in URLs unescaped", () => {
    for (const values of secretValues(platformWith(), new Map(), SEED).values()) {
      const password = values["password"] ?? "";
      assert.equal(encodeURIComponent(password), password);
    }
  });

  it("hold an identity key pair that belongs together, also when one half was lost", () => {
    const lost = new Map([["jatra-identity", { "public-key": "of another key" }]]);
    const pair = secretValues(platformWith(), lost, SEED).get("jatra-identity");
    const der = (key: string) => Buffer.from(pair?.[key] ?? "", "base64");
    const privateKey = createPrivateKey({ key: der("private-key"), format: "der", type: "pkcs8" });
    const publicKey = createPublicKey({ key: der("public-key"), format: "der", type: "spki" });
    assert.equal(privateKey.asymmetricKeyType, "ed25519");
    const message = Buffer.from("seat 12");
    assert.equal(verify(null, message, publicKey, sign(null, message, privateKey)), true);
  });

  it("are retained with the volumes they unlock, and only those", () => {
    const retained = (spec: object) =>
      generatedSecretChildren(contextWith(spec))
        .filter((child) => child.retained)
        .map((child) => child.manifest.metadata.name);
    const owned = generatedSecretChildren(contextWith())
      .filter((child) => !child.retained)
      .map((child) => child.manifest.metadata.name);
    assert.deepEqual(owned, ["jatra-identity", "jatra-internal-token", "payment-provider"]);
    assert.equal(retained({}).length, 19);
    assert.deepEqual(retained({ deletionPolicy: "Delete" }), []);
  });
});
