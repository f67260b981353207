import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { createSigningKeyStore } from "../../src/data/signing-key-store.ts";
import { createKeyRing, type SigningKeys } from "../../src/domain/key-ring.ts";

const folder = new URL("../../migrations", import.meta.url);

/** Lets nobody make a key at once before so many want to. */
const meetingAtOnce = (keys: SigningKeys, count: number): SigningKeys => {
  const { promise: met, resolve } = Promise.withResolvers<void>();
  let come = 0;
  return {
    ...keys,
    rotate: async (candidate, urgency) => {
      if (urgency !== "at_once") return keys.rotate(candidate, urgency);
      come += 1;
      if (come === count) resolve();
      await met;
      return keys.rotate(candidate, urgency);
    },
  };
};

describe("signing keys in the database", () => {
  let database: TestDatabase;
  const wrappingKey = randomBytes(32);
  const ring = () => createKeyRing(createSigningKeyStore(database.pool), wrappingKey);
  beforeEach(async () => {
    database = await createTestDatabase({ folder });
  });
  afterEach(() => database.drop());

  it("lets pods that start together agree on one key", async () => {
    const rings = Array.from({ length: 8 }, ring);
    await Promise.all(rings.map((each) => each.refresh()));
    assert.equal(new Set(rings.map((each) => each.signingKey().kid)).size, 1);
    assert.deepEqual(
      rings.map((each) => each.publicKeys().length),
      Array(8).fill(1),
    );
  });

  it("publishes the next key before it signs, and the last one after", async () => {
    const keys = ring();
    await keys.refresh();
    const first = keys.signingKey().kid;
    await keys.refresh({ force: true });
    assert.equal(keys.signingKey().kid, first);
    assert.equal(keys.publicKeys().length, 2);

    await database.pool.query("UPDATE signing_keys SET active_from = now() WHERE kid <> $1", [
      first,
    ]);
    await keys.refresh();
    const second = keys.signingKey().kid;
    assert.notEqual(second, first);
    assert.deepEqual(
      keys.publicKeys().map((key) => key.kid),
      [first, second],
    );

    await database.pool.query(
      "UPDATE signing_keys SET retired_at = now() - interval '1 second' WHERE kid = $1",
      [first],
    );
    await keys.refresh();
    assert.deepEqual(
      keys.publicKeys().map((key) => key.kid),
      [second],
    );
  });

  it("makes a new key when the newest is a month old, once over all pods", async () => {
    await ring().refresh();
    await database.pool.query("UPDATE signing_keys SET created_at = now() - interval '31 days'");
    const rings = Array.from({ length: 5 }, ring);
    await Promise.all(rings.map((each) => each.refresh()));
    await Promise.all(rings.map((each) => each.refresh()));
    const { rows } = await database.pool.query("SELECT kid FROM signing_keys");
    assert.equal(rows.length, 2);
  });

  it("makes another at once where somebody has deleted them all", async () => {
    const keys = ring();
    await keys.refresh();
    const stolen = keys.signingKey().kid;
    await database.pool.query("DELETE FROM signing_keys");
    await keys.refresh();
    assert.notEqual(keys.signingKey().kid, stolen);
    assert.deepEqual(
      keys.publicKeys().map(({ kid }) => kid),
      [keys.signingKey().kid],
    );
  });

  it("gives way to one new key for all pods when the wrapping key was lost, and stays public", async () => {
    const old = ring();
    await old.refresh();
    const lost = old.signingKey().kid;
    await forgetHowFresh();
    const unreadable: string[] = [];
    const otherKey = randomBytes(32);
    const store = meetingAtOnce(createSigningKeyStore(database.pool), 5);
    const pods = Array.from({ length: 5 }, () =>
      createKeyRing(store, otherKey, (kid) => unreadable.push(kid)),
    );
    await Promise.all(pods.map((pod) => pod.refresh()));
    const [next] = new Set(pods.map((pod) => pod.signingKey().kid));
    assert.deepEqual(
      pods.map((pod) => pod.signingKey().kid),
      pods.map(() => next),
    );
    assert.notEqual(next, lost);
    assert.deepEqual(new Set(unreadable), new Set([lost]));
    assert.deepEqual(
      pods[0]?.publicKeys().map(({ kid }) => kid),
      [lost, next],
    );
    // A pod of before the rollout goes on with what it can open, and makes nothing.
    await old.refresh();
    await pods[0]?.refresh();
    assert.equal(old.signingKey().kid, lost);
    assert.equal(pods[0]?.signingKey().kid, next);
    assert.equal(old.publicKeys().length, 2);
  });

  it("cannot be opened with another wrapping key", async () => {
    await ring().refresh();
    await database.pool.query("UPDATE signing_keys SET created_at = now()");
    const stranger = createKeyRing(createSigningKeyStore(database.pool), randomBytes(32));
    await assert.rejects(stranger.refresh(), /can be opened/);
  });

  /** As if the keys had been made long before a Secret could be lost. */
  const forgetHowFresh = async (): Promise<void> => {
    await database.pool.query("UPDATE signing_keys SET created_at = now() - interval '1 hour'");
  };
});
