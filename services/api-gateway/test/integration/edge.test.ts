import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { RequestListener } from "node:http";
import { createLifecycle, serve } from "@jatra/common/service/serve.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { startGateway, startPlatform, type TestPlatform } from "../gateway-fixture.ts";
import { pathTricks } from "../path-tricks.ts";
import { raw } from "../raw-request.ts";

describe("the gateway's edge", () => {
  let platform: TestPlatform;
  before(async () => {
    platform = await startPlatform();
  });
  after(() => platform.close());

  it("makes a request id where the given one could harm a log", async () => {
    const { gateway } = platform;
    const answer = await gateway.request("GET", "/api/trains", {
      headers: { "x-request-id": 'x" injected' },
    });
    assert.match(String(answer.headers["x-request-id"]), /^[0-9a-f-]{36}$/);
  });

  it("answers what no service has with 404, and never routes inner paths", async () => {
    const { gateway } = platform;
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
    const { gateway, schedule } = platform;
    const before = schedule.seen.length;
    const tricks = [
      "/api/trains/../../internal/x",
      ...pathTricks,
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
    const { gateway, booking } = platform;
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

  it("refuses long headers itself, and hands on what a service takes with the gateway's own beside it", async () => {
    const { redis } = platform;
    const lifecycle = createLifecycle(silentLogger);
    const app: RequestListener = (_request, response) => response.end("{}");
    const port = await serve({ app, port: 0, logger: silentLogger, lifecycle });
    const gateway = await startGateway({
      redisUrl: redis.url,
      prefix: `test-${randomUUID()}`,
      urls: { auth: `http://127.0.0.1:${port}`, schedule: `http://127.0.0.1:${port}` },
    });
    const statuses = new Set<number>();
    for (const start of ["GET /api/auth/login", "GET /api/trains"]) {
      for (let length = 15_000; length < 16_500; length += 100) {
        const head = `${start} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n`;
        const { status, text } = await raw(gateway, `${head}X: ${"x".repeat(length)}\r\n\r\n`);
        statuses.add(status);
        if (status !== 200) assert.match(text, /application\/problem\+json/, `${length}`);
      }
    }
    assert.deepEqual(statuses, new Set([200, 431]));
    await gateway.stop();
    await lifecycle.stop();
  });

  it("refuses bodies over 1 MiB with 413, declared or chunked", async () => {
    const { gateway, auth, booking } = platform;
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

  it("keeps a connection open after a refusal, unless a body is still on its way", async () => {
    const { gateway } = platform;
    const get = "GET /api/nothing HTTP/1.1\r\nHost: a\r\n\r\n";
    assert.match((await raw(gateway, get)).text, /\r\nConnection: keep-alive\r\n/);
    const post = "POST /api/nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n";
    assert.match((await raw(gateway, post)).text, /\r\nConnection: close\r\n/);
  });

  it("ends requests that come too slowly with 408", async () => {
    const { gateway } = platform;
    const slow = await raw(gateway, "GET /api/trains HTTP/1.1\r\nHost: a\r\nX-Slow: ");
    assert.equal(slow.status, 408);
    assert.match(slow.text, /"code":"request_timeout"/);
  });

  it("invites a body only when it is going to be taken", async () => {
    const { gateway, schedule } = platform;
    const head = "Host: a\r\nExpect: 100-continue\r\nConnection: close\r\n";
    const large = `POST /api/trains HTTP/1.1\r\n${head}Content-Length: 5000000\r\n\r\n`;
    assert.equal((await raw(gateway, large)).status, 413);
    const small = `PURGE /api/trains/1/x HTTP/1.1\r\n${head}Content-Length: 2\r\n\r\n{}`;
    assert.equal((await raw(gateway, small)).status, 100);
    await eventually(() => schedule.seen.at(-1)?.method === "PURGE");
  });

  it("answers preflights itself and lets any origin read", async () => {
    const { gateway } = platform;
    const answer = await gateway.request("OPTIONS", "/api/bookings", {
      headers: { origin: "https://example.com", "access-control-request-method": "POST" },
    });
    assert.equal(answer.status, 204);
    assert.match(String(answer.headers["access-control-allow-headers"]), /Idempotency-Key/);
    assert.equal(answer.headers["access-control-allow-origin"], "*");
    assert.equal(answer.headers["access-control-allow-credentials"], undefined);
  });

  it("serves the documentation by itself, under a strict policy", async () => {
    const { gateway } = platform;
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
