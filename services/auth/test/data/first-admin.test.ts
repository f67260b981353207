import assert from "node:assert/strict";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { createAccountStore } from "../../src/data/account-store.ts";
import { createSessionStore } from "../../src/data/session-store.ts";
import { sweepAuth } from "../../src/data/sweep-auth.ts";
import { ensureAdmin } from "../../src/domain/ensure-admin.ts";
import { createPasswordHasher } from "../../src/domain/hash-password.ts";
import { limitConcurrency } from "../../src/domain/limit-concurrency.ts";
import { makeRefreshToken } from "../../src/domain/refresh-token.ts";

const passwords = createPasswordHasher(limitConcurrency({ running: 4, waiting: 100 }), {
  N: 2 ** 10,
  r: 8,
  p: 1,
});
const familyId = "0b0f3f3e-6a0e-4b4e-8f5e-00000000000a";

describe("the first admin", () => {
  let database: TestDatabase;
  before(async () => {
    database = await createTestDatabase({ folder: new URL("../../migrations", import.meta.url) });
  });
  after(() => database.drop());
  const accounts = () => createAccountStore(database.pool, () => undefined);
  const ensure = (email: string, password: string) =>
    ensureAdmin({ accounts: accounts(), passwords }, { email, password });

  it("is one account after many pods have started together", async () => {
    await Promise.all(Array.from({ length: 8 }, () => ensure("Admin@example.com", "first secret")));
    const admin = await accounts().byEmail("admin@example.com");
    assert.equal(admin?.role, "admin");
    assert.equal(await passwords.verify("first secret", admin?.passwordHash), true);
    assert.equal(await ensure("admin@example.com", "first secret"), false);
  });

  it("gets the Secret's new password, and sessions under the old one end", async () => {
    const before = await accounts().byEmail("admin@example.com");
    assert.ok(before);
    const sessions = createSessionStore(database.pool);
    const { hash } = makeRefreshToken();
    await sessions.open({ familyId, userId: before.id, tokenHash: hash });
    assert.equal(await ensure("admin@example.com", "second secret"), true);
    const admin = await accounts().byEmail("admin@example.com");
    assert.equal(admin?.id, before.id);
    assert.equal(await passwords.verify("second secret", admin?.passwordHash), true);
    const rotation = await sessions.rotate(hash, makeRefreshToken().hash);
    assert.deepEqual(rotation, { outcome: "invalid" });
  });

  it("is forgotten by the sweeper neither, only what has expired", async () => {
    await database.pool.query("UPDATE refresh_families SET expires_at = now() - interval '1 s'");
    await database.pool.query(
      `INSERT INTO login_failures VALUES ('a@example.com', 'x', 1, now() - interval '1 hour'),
                                         ('b@example.com', 'x', 1, now())`,
    );
    assert.equal(await sweepAuth(database.pool), 2);
    assert.equal(await sweepAuth(database.pool), 0);
    assert.ok(await accounts().byEmail("admin@example.com"));
  });
});
