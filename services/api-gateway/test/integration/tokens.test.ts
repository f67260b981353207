import assert from "node:assert/strict";
import { createHmac, generateKeyPairSync, randomUUID, sign, type KeyObject } from "node:crypto";
import { createIdentityVerifier } from "@jatra/common/identity/identity-verifier.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { adminClaims, encode } from "../forged-claims.ts";
import {
  startFakeAuth,
  startGateway,
  startPlatform,
  type TestPlatform,
} from "../gateway-fixture.ts";
import { raw } from "../raw-request.ts";

describe("the gateway and tokens", () => {
  let platform: TestPlatform;
  before(async () => {
    platform = await startPlatform();
  });
  after(() => platform.close());

  it("puts a signed identity in the token's place, and forwards no credentials", async () => {
    const { gateway, auth, booking } = platform;
    const token = await auth.token("user-1", "staff");
    await gateway.request("GET", "/api/bookings", { token });
    const seen = booking.seen.at(-1);
    assert.equal(seen?.headers.authorization, undefined);
    const verify = createIdentityVerifier(gateway.identityPublicKey);
    assert.deepEqual(await verify(String(seen?.headers["x-jatra-identity"])), {
      userId: "user-1",
      role: "staff",
      name: "Rahima",
      email: "rahima@example.com",
    });
  });

  it("drops identity and inner headers that come from outside", async () => {
    const { gateway, schedule } = platform;
    await raw(
      gateway,
      [
        "GET /api/trains HTTP/1.1",
        "Host: a",
        "X-Jatra-Identity: forged",
        "X-JATRA-Client-Address: forged",
        "x-internal-token: forged",
        "Connection: close, X-Secret-Hop",
        "X-Secret-Hop: 1",
        "TE: trailers",
        "Proxy-Authorization: Basic eDp5",
        "Forwarded: for=6.6.6.6",
        "X-Kept: yes",
        "\r\n",
      ].join("\r\n"),
    );
    assert.equal(schedule.seen.at(-1)?.headers["x-kept"], "yes");
    const names = Object.keys(schedule.seen.at(-1)?.headers ?? {});
    for (const name of [
      "x-jatra-identity",
      "x-jatra-client-address",
      "x-internal-token",
      "x-secret-hop",
      "te",
      "forwarded",
      "proxy-authorization",
    ]) {
      assert.equal(names.includes(name), false, name);
    }
  });

  it("refuses missing, broken, expired, foreign and unsigned tokens with 401", async () => {
    const { gateway, auth, schedule, booking } = platform;
    const stranger = await startFakeAuth();
    const good = await auth.token("user-1");
    const tokens = [
      "not-a-token",
      good.slice(0, -4),
      `${good}x`,
      await auth.token("user-1", "customer", "-1m"),
      await stranger.token("user-1"),
      `${encode({ alg: "none" })}.${encode(adminClaims)}.`,
      `${encode({ alg: "HS256" })}.${encode(adminClaims)}.${Buffer.from("x").toString("base64url")}`,
      "x".repeat(5_000),
    ];
    await stranger.close();
    const before = booking.seen.length + schedule.seen.length;
    const none = await gateway.request("GET", "/api/bookings");
    assert.equal(none.status, 401);
    assert.match(String(none.headers["www-authenticate"]), /^Bearer/);
    for (const token of tokens) {
      for (const path of ["/api/bookings", "/api/trains"]) {
        const answer = await gateway.request("GET", path, { token });
        assert.equal(answer.status, 401, `${path} ${token.slice(0, 40)}`);
        assert.equal(answer.json()["code"], "unauthorized");
      }
    }
    const basic = await gateway.request("GET", "/api/trains", {
      headers: { authorization: "Basic eDp5" },
    });
    assert.equal(basic.status, 401);
    assert.equal(booking.seen.length + schedule.seen.length, before);
  });

  it("refuses what auth's own key signed for another purpose, or without an end", async () => {
    const { gateway, auth } = platform;
    const good = { iss: "jatra-auth", aud: "jatra", sub: "user-1", iat: now(), exp: now() + 60 };
    const person = { role: "customer", name: "Rahima", email: "rahima@example.com" };
    const { sub: _sub, ...nobody } = good;
    const { exp: _exp, ...endless } = good;
    for (const [what, claims] of [
      ["another issuer", { ...good, ...person, iss: "jatra-gateway" }],
      ["another audience", { ...good, ...person, aud: "jatra-services" }],
      ["nobody", { ...nobody, ...person }],
      ["no end", { ...endless, ...person }],
      ["no role", { ...good, name: "x", email: "x" }],
      ["a role that doesn't exist", { ...good, ...person, role: "root" }],
      ["not yet", { ...good, ...person, nbf: now() + 60 }],
    ] as const) {
      const token = await auth.sign(claims);
      assert.equal((await gateway.request("GET", "/api/bookings", { token })).status, 401, what);
    }
    const token = await auth.sign({ ...good, ...person });
    assert.equal((await gateway.request("GET", "/api/bookings", { token })).status, 200);
  });

  it("believes no key that comes with the token, and no HMAC under the public one", async () => {
    const { gateway, auth } = platform;
    const mine = generateKeyPairSync("ed25519");
    const jwk = mine.publicKey.export({ format: "jwk" });
    const { kid, publicKey } = auth.key();
    const forged = (header: object, key: KeyObject): string => {
      const text = `${encode(header)}.${encode(adminClaims)}`;
      return `${text}.${sign(null, Buffer.from(text), key).toString("base64url")}`;
    };
    const hmac = (secret: string | Buffer): string => {
      const text = `${encode({ alg: "HS256", kid })}.${encode(adminClaims)}`;
      return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
    };
    const { x = "" } = publicKey.export({ format: "jwk" });
    for (const token of [
      forged({ alg: "EdDSA", jwk }, mine.privateKey),
      forged({ alg: "EdDSA", kid, jwk }, mine.privateKey),
      forged({ alg: "EdDSA", kid, jku: "http://127.0.0.1:9/keys" }, mine.privateKey),
      forged({ alg: "EdDSA", kid: "../../dev/null" }, mine.privateKey),
      forged({ alg: "EdDSA", kid, crit: ["x"], x: 1 }, auth.key().privateKey),
      hmac(publicKey.export({ format: "pem", type: "spki" }).toString()),
      hmac(publicKey.export({ format: "der", type: "spki" })),
      hmac(Buffer.from(x, "base64url")),
      hmac(x),
    ]) {
      const answer = await gateway.request("GET", "/api/circuits", { token });
      assert.equal(answer.status, 401, token.slice(0, 60));
    }
    const token = forged({ alg: "EdDSA", kid }, auth.key().privateKey);
    assert.equal((await gateway.request("GET", "/api/circuits", { token })).status, 200);
  });

  it("tolerates clocks that are five seconds apart, and no more", async () => {
    const { gateway, auth } = platform;
    for (const [expiresIn, status] of [
      ["-1s", 200],
      ["-8s", 401],
    ] as const) {
      const token = await auth.token("user-1", "customer", expiresIn);
      const answer = await gateway.request("GET", "/api/bookings", { token });
      assert.equal(answer.status, status, expiresIn);
    }
  });

  it("lets go of a token when it ends, although it was checked before", async () => {
    const { gateway, auth } = platform;
    const token = await auth.token("user-1", "customer", "-2s");
    const read = async (): Promise<number> =>
      (await gateway.request("GET", "/api/bookings", { token })).status;
    assert.equal(await read(), 200);
    await eventually(async () => (await read()) === 401);
  });

  it("takes a signature that it knows for no other claims", async () => {
    const { gateway, auth } = platform;
    const good = await auth.token("user-1");
    assert.equal((await gateway.request("GET", "/api/bookings", { token: good })).status, 200);
    const [header, , signature] = good.split(".");
    const token = [header, encode(adminClaims), signature].join(".");
    assert.equal((await gateway.request("GET", "/api/bookings", { token })).status, 401);
  });

  it("ignores a stale token on auth's own routes, and signs the client's address for them", async () => {
    const { gateway, auth } = platform;
    const token = await auth.token("user-1", "customer", "-1m");
    const answer = await gateway.request("POST", "/api/auth/refresh-token", { token, body: "{}" });
    assert.equal(answer.status, 200);
    const seen = auth.seen.at(-1);
    assert.equal(seen?.headers["x-jatra-identity"], undefined);
    assert.ok(seen?.headers["x-jatra-client-address"]);
  });

  it("follows a rotation of auth's keys without a restart", async () => {
    const { gateway, auth } = platform;
    auth.rotate();
    const token = await auth.token("user-2");
    await eventually(
      async () => (await gateway.request("GET", "/api/bookings", { token })).status === 200,
    );
  });

  it("wants a token for a hold while guest holds are off, and hands on Lock-Token", async () => {
    const { gateway, auth, seats, redis } = platform;
    const acquire = "/api/seats/locks/acquire";
    assert.equal((await gateway.request("POST", acquire, { body: "{}" })).status, 401);
    const open = await startGateway({
      redisUrl: redis.url,
      prefix: `test-${randomUUID()}`,
      urls: { auth: auth.url, "seat-reservation": seats.url },
      guestHolds: true,
    });
    assert.equal((await open.request("POST", acquire, { body: "{}" })).status, 200);
    await open.request("GET", `/api/seats/locks/${randomUUID()}`, {
      headers: { "lock-token": "t" },
    });
    assert.equal(seats.seen.at(-1)?.headers["lock-token"], "t");
    await open.stop();
  });
});

const now = (): number => Math.floor(Date.now() / 1000);
