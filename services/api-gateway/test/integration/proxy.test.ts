import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { request as nodeRequest } from "node:http";
import { connect } from "node:net";
import { createIdentityVerifier } from "@jatra/common/identity/identity-verifier.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { createTestRedis, type TestRedis } from "@jatra/testing/test-redis.ts";
import {
  startFakeAuth,
  startFakeService,
  startGateway,
  type FakeService,
  type TestGateway,
} from "../gateway-fixture.ts";

describe("the gateway's proxy", () => {
  let redis: TestRedis;
  let auth: Awaited<ReturnType<typeof startFakeAuth>>;
  let schedule: FakeService;
  let booking: FakeService;
  let seats: FakeService;
  let gateway: TestGateway;
  before(async () => {
    redis = await createTestRedis();
    auth = await startFakeAuth();
    [schedule, booking, seats] = await Promise.all([
      startFakeService(),
      startFakeService(),
      startFakeService(),
    ]);
    gateway = await startGateway({
      redisUrl: redis.url,
      prefix: `test-${randomUUID()}`,
      urls: {
        auth: auth.url,
        schedule: schedule.url,
        booking: booking.url,
        "seat-reservation": seats.url,
      },
      circuitBreaker: { enabled: false },
    });
  });
  after(async () => {
    await gateway.stop();
    await Promise.all([auth, schedule, booking, seats].map((fake) => fake.close()));
    await redis.drop();
  });

  it("hands a request on and the answer back, with its own headers on both", async () => {
    const answer = await gateway.request("GET", "/api/trains?limit=3", {
      headers: { "x-request-id": "abc-1", "x-forwarded-for": "6.6.6.6", "accept-language": "bn" },
    });
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.json(), { fine: true });
    const seen = schedule.seen.at(-1);
    assert.equal(seen?.url, "/api/trains?limit=3");
    assert.equal(seen?.headers["x-request-id"], "abc-1");
    assert.equal(seen?.headers["x-forwarded-for"], "127.0.0.1");
    assert.equal(seen?.headers["x-forwarded-host"], new URL(gateway.url).host);
    assert.equal(seen?.headers["accept-language"], "bn");
    assert.equal(answer.headers["x-request-id"], "abc-1");
    assert.equal(answer.headers["x-content-type-options"], "nosniff");
    assert.equal(answer.headers["cache-control"], "no-store");
    assert.match(String(answer.headers["ratelimit"]), /^"address";r=\d+;t=1$/);
    assert.equal(answer.headers["ratelimit-policy"], '"address";q=100000;w=1');
    assert.equal(answer.headers["x-powered-by"], undefined);
  });

  it("makes a request id where the given one could harm a log", async () => {
    const answer = await gateway.request("GET", "/api/trains", {
      headers: { "x-request-id": 'x" injected' },
    });
    assert.match(String(answer.headers["x-request-id"]), /^[0-9a-f-]{36}$/);
  });

  it("passes any method and an unknown path below a known prefix to the service", async () => {
    schedule.answer = (_request, response) => response.writeHead(405).end();
    assert.equal((await gateway.request("PURGE", "/api/trains/1/x/y")).status, 405);
    assert.equal(schedule.seen.at(-1)?.method, "PURGE");
    schedule.answer = (_request, response) => response.end("{}");
  });

  it("answers what no service has with 404, and never routes inner paths", async () => {
    for (const path of [
      "/",
      "/api",
      "/api/nothing",
      "/internal/journeys",
      "/api/internal/x",
      "/v1/charges",
      "/openapi.json",
    ]) {
      const answer = await gateway.request("GET", path);
      assert.equal(answer.status, 404, path);
      assert.equal(answer.headers["content-type"], "application/problem+json");
      assert.equal(answer.json()["code"], "not_found");
    }
  });

  it("refuses path tricks with 400 before any service sees them", async () => {
    const before = schedule.seen.length;
    const tricks = [
      "/api/trains/../../internal/x",
      "/api/trains/%2e%2e/x",
      "/api/trains/..%2f..%2finternal",
      "/api/trains/%5c..%5cinternal",
      "/api//trains",
      "//internal/journeys",
      "/api/trains/%00",
      "/api/trains/%zz",
      "/api/trains\\x",
      "http://schedule-service:3002/internal/journeys",
      "*",
      `/api/trains?${"x".repeat(3_000)}`,
    ];
    for (const target of tricks) {
      const { status, text } = await raw(
        gateway,
        `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
      );
      assert.equal(status, 400, target);
      assert.match(text, /application\/problem\+json/);
      assert.match(text, /"code":"validation_failed"/);
    }
    assert.equal(schedule.seen.length, before);
  });

  it("refuses smuggling forms, header floods and nonsense", async () => {
    const before = booking.seen.length;
    const head = "POST /api/bookings HTTP/1.1\r\nHost: a\r\n";
    const forms: [string, number][] = [
      [
        `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /internal HTTP/1.1\r\n\r\n`,
        400,
      ],
      [`${head}Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef`, 400],
      [`${head}Content-Length: +5\r\n\r\nabcde`, 400],
      [`${head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, 400],
      [`${head}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`, 400],
      [`${head}X: a\nY: b\r\n\r\n`, 400],
      ["GET /api/trains HTTP/1.1\r\n\r\n", 400],
      ["nonsense\r\n\r\n", 400],
      [`GET /api/trains HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(20_000)}\r\n\r\n`, 431],
      [`GET /api/trains HTTP/1.1\r\nHost: a\r\n${"X: y\r\n".repeat(5_000)}\r\n`, 431],
    ];
    for (const [text, status] of forms) {
      const answer = await raw(gateway, text);
      assert.equal(answer.status, status, text.slice(0, 90));
    }
    assert.equal(booking.seen.length, before);
  });

  it("puts a signed identity in the token's place, and forwards no credentials", async () => {
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
    const stranger = await startFakeAuth();
    const encode = (value: unknown): string =>
      Buffer.from(JSON.stringify(value)).toString("base64url");
    const claims = {
      sub: "user-1",
      role: "admin",
      name: "x",
      email: "x",
      iss: "jatra-auth",
      aud: "jatra",
      iat: 1,
      exp: 9_999_999_999,
    };
    const good = await auth.token("user-1");
    const tokens = [
      "not-a-token",
      good.slice(0, -4),
      `${good}x`,
      await auth.token("user-1", "customer", "-1m"),
      await stranger.token("user-1"),
      `${encode({ alg: "none" })}.${encode(claims)}.`,
      `${encode({ alg: "HS256" })}.${encode(claims)}.${Buffer.from("x").toString("base64url")}`,
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

  it("ignores a stale token on auth's own routes, and signs the client's address for them", async () => {
    const token = await auth.token("user-1", "customer", "-1m");
    const answer = await gateway.request("POST", "/api/auth/refresh-token", { token, body: "{}" });
    assert.equal(answer.status, 200);
    const seen = auth.seen.at(-1);
    assert.equal(seen?.headers["x-jatra-identity"], undefined);
    assert.ok(seen?.headers["x-jatra-client-address"]);
  });

  it("follows a rotation of auth's keys without a restart", async () => {
    auth.rotate();
    const token = await auth.token("user-2");
    await eventually(
      async () => (await gateway.request("GET", "/api/bookings", { token })).status === 200,
    );
  });

  it("wants a token for a hold while guest holds are off, and hands on Lock-Token", async () => {
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

  it("passes small, large and chunked bodies through, byte for byte", async () => {
    const token = await auth.token("user-1");
    for (const size of [10, 70_000, 1_000_000]) {
      const body = "x".repeat(size);
      await gateway.request("POST", "/api/bookings", { token, body });
      assert.equal(booking.seen.at(-1)?.body, body);
    }
    const chunked = nodeRequest(`${gateway.url}/api/bookings`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "transfer-encoding": "chunked" },
    });
    chunked.write("first ");
    chunked.end("second");
    const [response] = await once(chunked, "response");
    assert.equal(response.statusCode, 200);
    response.resume();
    assert.equal(booking.seen.at(-1)?.body, "first second");
  });

  it("refuses bodies over 1 MiB with 413, declared or chunked", async () => {
    const token = await auth.token("user-1");
    const before = booking.seen.length;
    const declared = await raw(
      gateway,
      `POST /api/bookings HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nContent-Length: 2000000\r\n\r\n`,
    );
    assert.equal(declared.status, 413);
    const chunk = `10000\r\n${"x".repeat(65_536)}\r\n`;
    const chunked = await raw(
      gateway,
      `POST /api/bookings HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(20)}0\r\n\r\n`,
    );
    assert.equal(chunked.status, 413);
    assert.equal(booking.seen.length, before);
  });

  it("streams a large answer, with the service waiting for a slow client", async () => {
    const total = 32 * 1024 * 1024;
    let written = 0;
    schedule.answer = (_request, response) => {
      const chunk = Buffer.alloc(64 * 1024);
      const more = (): void => {
        while (written < total) {
          written += chunk.length;
          if (!response.write(chunk)) {
            response.once("drain", more);
            return;
          }
        }
        response.end();
      };
      more();
    };
    const request = nodeRequest(`${gateway.url}/api/trains`);
    request.end();
    const [response] = await once(request, "response");
    response.pause();
    let last = -1;
    await eventually(() => {
      const isStill = written === last;
      last = written;
      return isStill && written > 0;
    });
    assert.ok(
      written < total / 2,
      `${written} bytes were taken in for a client that reads nothing`,
    );
    let read = 0;
    response.on("data", (data: Buffer) => {
      read += data.length;
    });
    response.resume();
    await once(response, "end");
    assert.equal(read, total);
    schedule.answer = (_request, answer) => answer.end("{}");
  });

  it("tells unreachable, broken and slow services apart: 502 and 504", async () => {
    const unreachable = await gateway.request("GET", "/api/search/stations?q=x");
    assert.equal(unreachable.status, 502);
    assert.equal(unreachable.json()["code"], "upstream_unreachable");
    assert.equal(unreachable.text.includes("127.0.0.1"), false);
    schedule.answer = (_request, response) => response.destroy();
    const broken = await gateway.request("GET", "/api/trains");
    assert.equal(broken.json()["code"], "upstream_unreachable");
    schedule.answer = () => undefined;
    const slow = await gateway.request("GET", "/api/trains");
    assert.equal(slow.status, 504);
    assert.equal(slow.json()["code"], "upstream_timeout");
    schedule.answer = (_request, response) => response.end("{}");
  });

  it("breaks the connection when an answer breaks off, instead of pretending it was whole", async () => {
    schedule.answer = (_request, response) => {
      response.write("half");
      setImmediate(() => response.destroy());
    };
    await assert.rejects(gateway.request("GET", "/api/trains"));
    schedule.answer = (_request, response) => response.end("{}");
  });

  it("cancels a read whose client left, and lets anything else run to its end", async () => {
    const token = await auth.token("user-1");
    for (const [method, cancelled] of [
      ["GET", true],
      ["POST", false],
    ] as const) {
      let closed: boolean | undefined;
      const arrived = Promise.withResolvers<void>();
      let finish: () => void = () => undefined;
      booking.answer = (_request, response) => {
        response.on("close", () => {
          closed = !response.writableFinished;
        });
        finish = () => response.end("{}");
        arrived.resolve();
      };
      const request = nodeRequest(`${gateway.url}/api/bookings`, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-length": method === "POST" ? 2 : 0 },
      });
      request.on("error", () => undefined);
      request.end(method === "POST" ? "{}" : undefined);
      await arrived.promise;
      request.destroy();
      if (!cancelled) {
        // The gateway knows of the loss when it has counted it.
        await eventually(async () => (await aborts(gateway)) >= 2);
        finish();
      }
      await eventually(() => closed !== undefined);
      assert.equal(closed, cancelled, method);
    }
    booking.answer = (_request, response) => response.end("{}");
  });

  it("sends a read again that certainly never left, and nothing else", async () => {
    const lonely = await startFakeService();
    const port = new URL(lonely.url).port;
    const other = await startGateway({
      redisUrl: redis.url,
      prefix: `test-${randomUUID()}`,
      urls: { schedule: `http://127.0.0.1:${port}` },
      circuitBreaker: { enabled: false },
    });
    lonely.answer = (_request, response) => response.socket?.destroy();
    assert.equal((await other.request("GET", "/api/trains")).status, 502);
    assert.equal(lonely.seen.length, 1, "a request that was sent must not be sent again");
    await other.stop();
    await lonely.close();
  });

  it("answers preflights itself and lets any origin read", async () => {
    const answer = await gateway.request("OPTIONS", "/api/bookings", {
      headers: { origin: "https://example.com", "access-control-request-method": "POST" },
    });
    assert.equal(answer.status, 204);
    assert.match(String(answer.headers["access-control-allow-headers"]), /Idempotency-Key/);
    assert.equal(answer.headers["access-control-allow-origin"], "*");
    assert.equal(answer.headers["access-control-allow-credentials"], undefined);
  });

  it("closes connections with their answers while it drains, and is no longer ready", async () => {
    const other = await startGateway({
      redisUrl: redis.url,
      prefix: `test-${randomUUID()}`,
      urls: { schedule: schedule.url },
    });
    assert.equal((await other.request("GET", "/health/ready")).status, 200);
    other.startDraining();
    assert.equal((await other.request("GET", "/health/ready")).status, 503);
    assert.equal((await other.request("GET", "/health/live")).status, 200);
    const answer = await other.request("GET", "/api/trains");
    assert.equal(answer.status, 200);
    assert.equal(answer.headers["connection"], "close");
    await other.stop();
  });

  it("serves the documentation by itself, under a strict policy", async () => {
    const html = await gateway.request("GET", "/api/docs");
    assert.equal(html.status, 200);
    assert.match(String(html.headers["content-security-policy"]), /script-src 'self';/);
    for (const [, path = ""] of html.text.matchAll(/(?:src|href)="([^"]+)"/g)) {
      assert.equal((await gateway.request("GET", path)).status, 200, path);
    }
    const document = (await gateway.request("GET", "/api/docs/openapi.json")).json();
    assert.equal(document["openapi"], "3.1.1");
    assert.equal((await gateway.request("GET", "/api/docs/package.json")).status, 400);
  });
});

const aborts = async (gateway: TestGateway): Promise<number> => {
  const metric = await gateway.metrics.registry
    .getSingleMetric("gateway_client_aborts_total")
    ?.get();
  return metric?.values[0]?.value ?? 0;
};

/** Bytes as no well-behaved client sends them; the answer until the gateway closes, or 300 ms after its first bytes. */
const raw = async (
  gateway: TestGateway,
  text: string,
): Promise<{ status: number; text: string }> => {
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => undefined);
  socket.write(text);
  let answer = "";
  socket.on("data", (data) => {
    answer += data.toString();
  });
  await eventually(() => answer.includes("\r\n\r\n") || socket.destroyed);
  socket.destroy();
  return { status: Number(answer.split(" ")[1]), text: answer };
};
