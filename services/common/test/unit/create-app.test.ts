import assert from "node:assert/strict";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer, type Server } from "node:http";
import { gzipSync } from "node:zlib";
import { identityToken, type Role } from "@jatra/contracts/identity.ts";
import { operation } from "@jatra/contracts/operation.ts";
import { SignJWT } from "jose";
import { z } from "zod";
import { bind, type Route } from "../../src/http/bind.ts";
import { createApp } from "../../src/http/create-app.ts";
import { ok } from "../../src/http/reply.ts";
import { createIdentityVerifier } from "../../src/identity/identity-verifier.ts";
import { createLogger } from "../../src/logging/logger.ts";
import { createMetrics } from "../../src/metrics/metrics.ts";

const internalToken = "a-token-between-services";
const gateway = generateKeyPairSync("ed25519");
const stranger = generateKeyPairSync("ed25519");

const echo = operation({
  operationId: "echo",
  method: "post",
  path: "/api/echo/:name",
  summary: "Says what it was told",
  access: "public",
  params: z.object({ name: z.string().max(5) }),
  query: z.object({ times: z.coerce.number().int().max(3).default(1) }),
  body: z.object({ word: z.string() }).strict(),
  responses: { 200: { description: "Said" } },
  problems: [],
});
const guarded = (access: "user" | "admin" | "internal"): Route =>
  bind(
    operation({
      operationId: access,
      method: "get",
      path: `/api/${access}`,
      summary: access,
      access,
      responses: { 200: { description: "Who" } },
      problems: [],
    }),
    async ({ identity }) => ok({ userId: identity?.userId ?? null }),
  );
const failing = bind(
  operation({
    operationId: "fail",
    method: "get",
    path: "/api/fail",
    summary: "Fails as a lost database does",
    access: "public",
    responses: {},
    problems: [],
  }),
  async () => {
    throw Object.assign(new Error("secret host db-7"), { code: "ECONNREFUSED" });
  },
);

const sign = (key: KeyObject, role: Role, expiresIn = "5m"): Promise<string> =>
  new SignJWT({ role, name: "Test Passenger", email: "passenger@example.com" })
    .setProtectedHeader({ alg: "EdDSA" })
    .setSubject("user-1")
    .setIssuer(identityToken.issuer)
    .setAudience(identityToken.audience)
    .setExpirationTime(expiresIn)
    .sign(key);

describe("the HTTP app that every service shares", () => {
  let server: Server;
  let url: string;
  let accepting = true;

  before(async () => {
    const app = createApp({
      routes: [
        bind(echo, async ({ params, query, body }) => ok({ ...params, ...query, ...body })),
        guarded("user"),
        guarded("admin"),
        guarded("internal"),
        failing,
      ],
      logger: createLogger("test", "fatal"),
      metrics: createMetrics("test"),
      health: { checks: { always: async () => undefined }, accepting: () => accepting },
      verifyIdentity: createIdentityVerifier(
        gateway.publicKey.export({ format: "der", type: "spki" }).toString("base64"),
      ),
      internalToken,
      bodyLimitBytes: 200,
    });
    server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    url = `http://127.0.0.1:${address.port}`;
  });

  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const post = (body: string, path = "/api/echo/ada", type = "application/json") =>
    fetch(`${url}${path}`, { method: "POST", headers: { "content-type": type }, body });
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${url}${path}`, { headers });
  const codeOf = async (response: Response): Promise<[number, unknown]> => {
    assert.equal(response.headers.get("content-type"), "application/problem+json");
    const body: unknown = await response.json();
    assert.ok(typeof body === "object" && body !== null && "code" in body);
    return [response.status, body.code];
  };

  it("hands the handler what the contract's schemas made of the request", async () => {
    const response = await post('{"word":"hi"}', "/api/echo/ada?times=2");
    assert.deepEqual(await response.json(), { name: "ada", times: 2, word: "hi" });
  });

  it("parses JSON whatever the content type says, as ab posts it", async () => {
    const response = await post('{"word":"hi"}', "/api/echo/ada", "text/plain");
    assert.equal(response.status, 200);
  });

  it("refuses what is not of the documented form, naming the place but never the value", async () => {
    const response = await post('{"word":12345,"more":1}');
    const text = await response.clone().text();
    assert.deepEqual(await codeOf(response), [400, "validation_failed"]);
    assert.match(text, /"at":"word"/);
    assert.doesNotMatch(text, /12345/);
  });

  it("refuses broken JSON, bodies over the limit, unknown paths and methods", async () => {
    assert.deepEqual(await codeOf(await post("{")), [400, "malformed_json"]);
    assert.deepEqual(await codeOf(await post(`"${"x".repeat(300)}"`)), [413, "body_too_large"]);
    assert.deepEqual(await codeOf(await get("/api/nothing")), [404, "not_found"]);
    const wrongMethod = await get("/api/echo/ada");
    assert.equal(wrongMethod.headers.get("allow"), "POST");
    assert.deepEqual(await codeOf(wrongMethod), [405, "method_not_allowed"]);
  });

  it("answers the same however a request is written: escaped, in capitals, packed, in pieces", async () => {
    const plain = await post('{"word":"hi"}', "/api/echo/ada?times=2");
    const others = [
      await post('{"word":"hi"}', "/api/echo/%61da?times=2"),
      await post('{"word":"hi"}', "/API/echo/ada/?times=2"),
      await fetch(`${url}/api/echo/ada?times=2`, {
        method: "POST",
        headers: { "content-encoding": "gzip" },
        body: gzipSync('{"word":"hi"}'),
      }),
      await fetch(`${url}/api/echo/ada?times=2`, {
        method: "POST",
        body: new Blob(['{"word":"hi"}']).stream(),
        duplex: "half",
      }),
    ];
    const seen = async (response: Response): Promise<unknown> => {
      const { "x-request-id": id, date, ...headers } = Object.fromEntries(response.headers);
      assert.ok(id !== undefined && date !== undefined);
      return { status: response.status, headers, text: await response.text() };
    };
    const expected = await seen(plain);
    for (const other of others) assert.deepEqual(await seen(other), expected);
  });

  it("refuses the same however a path is written", async () => {
    const seen = async (response: Response): Promise<unknown> => {
      const {
        "x-request-id": id,
        date,
        "content-length": length,
        ...headers
      } = Object.fromEntries(response.headers);
      assert.ok(id !== undefined && date !== undefined && length !== undefined);
      const body: unknown = await response.json();
      assert.ok(typeof body === "object" && body !== null);
      return { status: response.status, headers, body: { ...body, requestId: "" } };
    };
    for (const body of ["{", '{"word":1}', ""]) {
      const plain = await seen(await post(body));
      assert.deepEqual(await seen(await post(body, "/api/echo/%61da")), plain);
    }
    assert.deepEqual(await seen(await get("/api/fail/")), await seen(await get("/api/fail")));
  });

  it("counts every request under its route's pattern, however its path is written", async () => {
    const count = async (): Promise<number> => {
      const text = await (await get("/metrics")).text();
      const line =
        /http_request_duration_seconds_count\{[^}]*route="\/api\/echo\/:name"[^}]*status="200"[^}]*\} (\d+)/;
      return Number(line.exec(text)?.[1] ?? 0);
    };
    const before = await count();
    await post('{"word":"hi"}');
    await post('{"word":"hi"}', "/api/echo/%61da");
    assert.equal(await count(), before + 2);
  });

  it("answers HEAD as GET without the body", async () => {
    const answer = await fetch(`${url}/api/fail`, { method: "HEAD" });
    assert.deepEqual([answer.status, await answer.text()], [503, ""]);
  });

  it("believes an identity only if the gateway signed it and it is fresh", async () => {
    const identity = async (token: string) =>
      (await get("/api/user", { "x-jatra-identity": token })).status;
    assert.equal(await identity(await sign(gateway.privateKey, "customer")), 200);
    assert.equal(await identity(await sign(stranger.privateKey, "customer")), 401);
    assert.equal(await identity(await sign(gateway.privateKey, "customer", "-1m")), 401);
    assert.equal(await identity("user-1"), 401);
    assert.equal((await get("/api/user")).status, 401);
  });

  it("tells a wrong role from a missing login", async () => {
    const token = await sign(gateway.privateKey, "customer");
    const response = await get("/api/admin", { "x-jatra-identity": token });
    assert.deepEqual(await codeOf(response), [403, "forbidden"]);
  });

  it("opens internal routes with the platform's token alone", async () => {
    const token = await sign(gateway.privateKey, "admin");
    const statuses = [
      (await get("/api/internal", { authorization: `Bearer ${internalToken}` })).status,
      (await get("/api/internal", { authorization: "Bearer guessed" })).status,
      (await get("/api/internal", { "x-jatra-identity": token })).status,
    ];
    assert.deepEqual(statuses, [200, 401, 401]);
  });

  it("calls a lost store an outage, without a word about the inside", async () => {
    const response = await get("/api/fail");
    const text = await response.clone().text();
    assert.deepEqual(await codeOf(response), [503, "dependency_unavailable"]);
    assert.doesNotMatch(text, /db-7/);
    assert.equal(response.headers.get("retry-after"), "1");
  });

  it("keeps a harmless request id and replaces one that could break a log line", async () => {
    const kept = await get("/health", { "x-request-id": "abc-1" });
    const replaced = await get("/health", { "x-request-id": 'a"} evil' });
    assert.equal(kept.headers.get("x-request-id"), "abc-1");
    assert.match(replaced.headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
  });

  it("is alive but not ready once it was told to stop", async () => {
    accepting = false;
    const statuses = [(await get("/health/live")).status, (await get("/health/ready")).status];
    accepting = true;
    assert.deepEqual(statuses, [200, 503]);
  });
});
