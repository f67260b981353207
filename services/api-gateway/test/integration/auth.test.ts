import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createIdentityVerifier } from "@jatra/common/identity/identity-verifier.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { createTestRedis, type TestRedis } from "@jatra/testing/test-redis.ts";
import { z } from "zod";
import { startAuth, type AuthFixture } from "../../../auth/test/auth-fixture.ts";
import {
  makeIdentityKey,
  startFakeService,
  startGateway,
  type FakeService,
  type TestGateway,
} from "../gateway-fixture.ts";

const tokensSchema = z.object({ accessToken: z.string(), refreshToken: z.string() });

describe("the gateway before the real auth service", () => {
  let redis: TestRedis;
  let auth: AuthFixture;
  let booking: FakeService;
  let gateway: TestGateway;
  before(async () => {
    const identityKey = makeIdentityKey();
    [redis, auth, booking] = await Promise.all([
      createTestRedis(),
      startAuth(identityKey.publicKey),
      startFakeService(),
    ]);
    gateway = await startGateway({
      redisUrl: redis.url,
      prefix: `test-${randomUUID()}`,
      urls: { auth: auth.app.url, booking: booking.url },
      identityKey,
    });
  });
  after(async () => {
    await gateway.stop();
    await auth.close();
    await booking.close();
    await redis.drop();
  });

  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    gateway.request("POST", `/api/auth/${path}`, { body: JSON.stringify(body), headers });
  const person = { name: "Rahima", phone: "+8801712345678", password: "long enough" };
  const registered = async (): Promise<string> => {
    const email = `${randomUUID()}@example.com`;
    assert.equal((await post("register", { ...person, email })).status, 201);
    return email;
  };

  it("lets somebody register, sign in, be known to a service, refresh and log out", async () => {
    const email = await registered();
    const login = await post("login", { email, password: person.password });
    const { accessToken, refreshToken } = tokensSchema.parse(login.json());
    assert.equal(
      (await gateway.request("GET", "/api/bookings", { token: accessToken })).status,
      200,
    );
    const verify = createIdentityVerifier(gateway.identityPublicKey);
    const identity = await verify(String(booking.seen.at(-1)?.headers["x-jatra-identity"]));
    assert.equal(identity?.email, email);
    assert.equal(identity.role, "customer");
    const refreshed = tokensSchema.parse((await post("refresh-token", { refreshToken })).json());
    const token = refreshed.accessToken;
    assert.equal((await gateway.request("GET", "/api/bookings", { token })).status, 200);
    const ended = await post("logout", { refreshToken: refreshed.refreshToken });
    assert.equal(ended.status, 204);
    const again = await post("refresh-token", { refreshToken: refreshed.refreshToken });
    assert.equal(again.status, 401);
  });

  it("accepts tokens under the next signing key without a restart", async () => {
    const email = await registered();
    await auth.keyRing.refresh({ force: true });
    await auth.database.pool.query("UPDATE signing_keys SET active_from = now()");
    await auth.keyRing.refresh();
    const login = await post("login", { email, password: person.password });
    const token = tokensSchema.parse(login.json()).accessToken;
    await eventually(async () => {
      const answer = await gateway.request("GET", "/api/bookings", { token });
      return answer.status === 200;
    });
  });

  it("locks out by the address that the gateway saw, not by what the client says", async () => {
    const email = await registered();
    for (let i = 0; i < 5; i += 1) {
      const headers = { "x-forwarded-for": `198.51.100.${i}`, "x-jatra-client-address": "x" };
      assert.equal((await post("login", { email, password: "wrong one" }, headers)).status, 401);
    }
    const { rows } = await auth.database.pool.query<{ address: string }>(
      "SELECT address FROM login_failures WHERE email = $1",
      [email],
    );
    assert.deepEqual(rows, [{ address: "127.0.0.1" }]);
    assert.equal((await post("login", { email, password: person.password })).status, 423);
  });

  it("locks out all of an IPv6 network together, whose owner has an address for every guess", async () => {
    const email = await registered();
    const [listener] = gateway.server.listeners("request");
    assert.ok(isListener(listener));
    let guesses = 0;
    const far = createServer((request, response) => {
      guesses += 1;
      const remoteAddress = { value: `2001:db8:7:1::${guesses}` };
      Object.defineProperty(request.socket, "remoteAddress", remoteAddress);
      listener(request, response);
    });
    far.listen(0, "127.0.0.1");
    await once(far, "listening");
    const address = far.address();
    assert.ok(address !== null && typeof address === "object");
    const guess = async (password: string): Promise<number> => {
      const answer = await fetch(`http://127.0.0.1:${address.port}/api/auth/login`, {
        method: "POST",
        headers: { connection: "close" },
        body: JSON.stringify({ email, password }),
      });
      await answer.arrayBuffer();
      return answer.status;
    };
    for (let i = 0; i < 5; i += 1) assert.equal(await guess("wrong one"), 401);
    assert.equal(await guess(person.password), 423);
    assert.equal(guesses, 6);
    far.close();
    assert.equal((await post("login", { email, password: person.password })).status, 200);
  });

  it("hands on 405 for a GET of the login, which the circuit takes for a success", async () => {
    for (let call = 0; call < 10; call += 1) {
      assert.equal((await gateway.request("GET", "/api/auth/login")).status, 405);
    }
  });

  it("routes neither auth's keys nor its probes", async () => {
    for (const path of ["/.well-known/jwks.json", "/api/auth/../../.well-known/jwks.json"]) {
      const answer = await gateway.request("GET", path);
      assert.ok([400, 404].includes(answer.status), path);
    }
  });
});

describe("a crowd that signs in at once", () => {
  it("is told to wait, which is no failure of auth to the circuit", async () => {
    const identityKey = makeIdentityKey();
    const redis = await createTestRedis();
    const auth = await startAuth(identityKey.publicKey, { running: 1, waiting: 2 });
    const gateway = await startGateway({
      redisUrl: redis.url,
      prefix: `test-${randomUUID()}`,
      urls: { auth: auth.app.url },
      identityKey,
    });
    const logIn = (index: number) =>
      gateway.request("POST", "/api/auth/login", {
        body: JSON.stringify({ email: `nobody-${index}@example.com`, password: "wrong one" }),
      });
    const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => logIn(index)));
    const told = Map.groupBy(answers, ({ status }) => status);
    assert.deepEqual(new Set(told.keys()), new Set([401, 429]));
    const [waiting] = told.get(429) ?? [];
    assert.equal(waiting?.json()["code"], "rate_limited");
    assert.equal(waiting?.headers["retry-after"], "2");
    assert.ok((told.get(429)?.length ?? 0) >= 5, "as many as would open a circuit");
    assert.equal((await logIn(40)).status, 401);
    await gateway.stop();
    await auth.close();
    await redis.drop();
  });
});

const isListener = (value: unknown): value is RequestListener => typeof value === "function";
