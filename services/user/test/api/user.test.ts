import assert from "node:assert/strict";
import { createIdentityVerifier } from "@jatra/common/identity/identity-verifier.ts";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import { SAVED_PASSENGERS_MAX } from "@jatra/contracts/http/user.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { startTestApp, type TestApp } from "@jatra/testing/test-app.ts";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { testIdentityPublicKey, testInternalToken } from "@jatra/testing/test-identity.ts";
import { z } from "zod";
import { createApp } from "../../src/app.ts";

const passengerSchema = z.object({ passengerId: z.uuid() }).loose();
const path = "/api/users/me/passengers";

describe("the API of user", () => {
  let database: TestDatabase;
  let app: TestApp;
  before(async () => {
    database = await createTestDatabase({ folder: new URL("../../migrations", import.meta.url) });
    app = await startTestApp(
      createApp({
        pool: database.pool,
        logger: silentLogger,
        metrics: createMetrics("user-service"),
        verifyIdentity: createIdentityVerifier(testIdentityPublicKey),
        internalToken: testInternalToken,
        accepting: () => true,
      }),
    );
  });
  after(async () => {
    await app.close();
    await database.drop();
  });

  const rahima = { userId: "rahima", name: "Rahima", email: "rahima@example.com" };
  const karim = { userId: "karim", name: "Karim", email: "karim@example.com" };

  it("makes a profile from the identity when none is there yet, once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => app.request("GET", "/api/users/me", { identity: rahima })),
    );
    for (const answer of answers) {
      assert.equal(answer.status, 200);
      const { updatedAt, ...profile } = z
        .looseObject({ updatedAt: z.iso.datetime() })
        .parse(answer.body);
      assert.ok(updatedAt);
      assert.deepEqual(profile, { ...rahima, phone: null });
    }
  });

  it("changes what is given, keeps the rest, and never the email address", async () => {
    const change = (body: unknown) =>
      app.request("PATCH", "/api/users/me", { identity: rahima, body });
    assert.equal((await change({ phone: "+880 1712-345678" })).status, 200);
    const answer = await change({ name: " Rahima Khatun " });
    const { updatedAt: _, ...profile } = z
      .looseObject({ updatedAt: z.string() })
      .parse(answer.body);
    assert.deepEqual(profile, { ...rahima, name: "Rahima Khatun", phone: "+880 1712-345678" });
    for (const body of [{}, { email: "x@example.com" }, { name: "" }, { phone: "abc" }, []]) {
      assert.equal((await change(body)).status, 400, JSON.stringify(body));
    }
    const forgotten = z
      .looseObject({ phone: z.null() })
      .safeParse((await change({ phone: null })).body);
    assert.equal(forgotten.success, true);
  });

  it("saves, lists, replaces and forgets passengers", async () => {
    const body = { name: "Amina", dateOfBirth: "2001-02-28" };
    const saved = await app.request("POST", path, { identity: rahima, body });
    assert.equal(saved.status, 201);
    const { passengerId } = passengerSchema.parse(saved.body);
    const own = `${path}/${passengerId}`;
    assert.equal(saved.headers["location"], own);
    const expected = { passengerId, ...body, phone: null };
    assert.deepEqual(saved.body, expected);
    assert.deepEqual((await app.request("GET", path, { identity: rahima })).body, {
      passengers: [expected],
    });
    const replacement = { name: "Amina B.", phone: "01712345678" };
    const replaced = await app.request("PUT", own, { identity: rahima, body: replacement });
    assert.deepEqual(replaced.body, { passengerId, ...replacement, dateOfBirth: null });
    assert.deepEqual((await app.request("GET", own, { identity: rahima })).body, replaced.body);
    assert.equal((await app.request("DELETE", own, { identity: rahima })).status, 204);
    assert.equal((await app.request("DELETE", own, { identity: rahima })).status, 404);
  });

  it("hides one user's passengers from another", async () => {
    const saved = await app.request("POST", path, { identity: rahima, body: { name: "Amina" } });
    const own = `${path}/${passengerSchema.parse(saved.body).passengerId}`;
    for (const method of ["GET", "PUT", "DELETE"]) {
      const body = method === "PUT" ? { name: "Mine now" } : undefined;
      const answer = await app.request(method, own, { identity: karim, body });
      assert.equal(answer.status, 404, method);
    }
    assert.deepEqual((await app.request("GET", path, { identity: karim })).body, {
      passengers: [],
    });
    assert.equal((await app.request("GET", own, { identity: rahima })).status, 200);
  });

  it("keeps the number bounded, also when many are saved at once", async () => {
    const answers = await Promise.all(
      Array.from({ length: SAVED_PASSENGERS_MAX + 10 }, (_, index) =>
        app.request("POST", path, { identity: karim, body: { name: `Passenger ${index}` } }),
      ),
    );
    const statuses = answers.map((answer) => answer.status);
    assert.equal(statuses.filter((status) => status === 201).length, SAVED_PASSENGERS_MAX);
    assert.equal(statuses.filter((status) => status === 409).length, 10);
  });

  it("refuses whoever the gateway does not vouch for", async () => {
    assert.equal((await app.request("GET", "/api/users/me")).status, 401);
    const headers = { "x-jatra-identity": "forged" };
    assert.equal((await app.request("GET", "/api/users/me", { headers })).status, 401);
  });
});
