import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { eventually } from "@jatra/testing/eventually.ts";
import { pino } from "pino";
import { raw } from "../raw-request.ts";
import {
  startGateway,
  startPlatform,
  type TestGateway,
  type TestPlatform,
} from "../gateway-fixture.ts";

describe("the gateway's log", () => {
  let platform: TestPlatform;
  let gateway: TestGateway;
  let lines: string[] = [];
  before(async () => {
    platform = await startPlatform();
    const { auth, schedule, booking, redis } = platform;
    gateway = await startGateway({
      redisUrl: redis.url,
      prefix: `test-${randomUUID()}`,
      urls: { auth: auth.url, schedule: schedule.url, booking: booking.url },
      circuitBreaker: { failureThreshold: 1_000 },
      // Everything that any level would write.
      logger: pino({ level: "trace" }, { write: (line: string) => lines.push(line) }),
    });
  });
  beforeEach(() => {
    lines = [];
  });
  after(async () => {
    await gateway.stop();
    await platform.close();
  });

  const messages = (): string[] => lines.map((line) => String(JSON.parse(line).msg));

  it("has no line for what went well, was refused or isn't there", async () => {
    const token = await platform.auth.token("user-1");
    await gateway.request("GET", "/api/trains");
    await gateway.request("GET", "/api/bookings", { token });
    await gateway.request("GET", "/api/bookings", { token: "bad" });
    await gateway.request("GET", "/api/nothing");
    await gateway.request("GET", "/health");
    await raw(gateway, "nonsense\r\n\r\n");
    assert.deepEqual(messages(), []);
  });

  it("tells what failed or was slow by its route, in one line", async () => {
    const { schedule } = platform;
    schedule.answer = (_request, response) => response.writeHead(500).end("{}");
    await gateway.request("GET", "/api/trains/42");
    schedule.answer = (_request, response) => void setTimeout(() => response.end("{}"), 1_100);
    await gateway.request("GET", "/api/trains");
    await gateway.request("GET", "/api/search/stations?q=x");
    schedule.answer = (_request, response) => response.end("{}");
    const told = lines.map((line) => {
      const { method, route, status, service, failure, msg } = JSON.parse(line);
      return { method, route, status, service, failure, msg };
    });
    const get = { method: "GET", failure: undefined, service: "schedule" };
    assert.deepEqual(told, [
      { ...get, route: "/api/trains/:id", status: 500, msg: "request failed" },
      { ...get, route: "/api/trains", status: 200, msg: "request was slow" },
      {
        method: "GET",
        route: "/api/search/stations",
        status: 502,
        service: "search",
        failure: "ECONNREFUSED",
        msg: "request failed",
      },
    ]);
  });

  it("keeps the secrets of a request to itself, however it fails", async () => {
    const { auth, booking } = platform;
    const token = await auth.token("user-1");
    const secrets = {
      password: "correct-horse-battery",
      refreshToken: "refresh-me-please",
      lockToken: "lock-token-of-mine",
      cookie: "session=a-cookie",
      key: "idempotency-key-of-mine",
      query: "a-secret-in-the-query",
    };
    const send = async (method: string, path: string): Promise<void> => {
      await gateway.request(method, `${path}?token=${secrets.query}`, {
        token,
        body: JSON.stringify(secrets),
        headers: {
          "lock-token": secrets.lockToken,
          "idempotency-key": secrets.key,
          cookie: secrets.cookie,
        },
      });
    };
    const answers: (typeof booking.answer)[] = [
      (_request, response) => response.writeHead(500).end(JSON.stringify(secrets)),
      (_request, response) => response.destroy(),
      (_request, response) => response.writeHead(200, { "x-a": secrets.cookie }).socket?.end("x"),
    ];
    for (const answer of answers) {
      booking.answer = answer;
      auth.answer = answer;
      await send("POST", "/api/bookings").catch(() => undefined);
      await send("POST", "/api/auth/login").catch(() => undefined);
    }
    await send("POST", "/api/payments/initiate");
    await eventually(() => lines.length >= 5);
    const text = lines.join("");
    for (const secret of [token, ...Object.values(secrets), "user-1", "rahima@example.com"]) {
      assert.equal(text.includes(secret), false, `${secret} in ${text}`);
    }
  });
});
