import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { createSigningKeyStore } from "../../src/data/signing-key-store.ts";
import { createKeyRing } from "../../src/domain/key-ring.ts";

const folder = new URL("../../migrations", import.meta.url);

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

  it("cannot be opened with another wrapping key", async () => {
    await ring().refresh();
    const stranger = createKeyRing(createSigningKeyStore(database.pool), randomBytes(32));
    await assert.rejects(stranger.refresh());
  });
});
