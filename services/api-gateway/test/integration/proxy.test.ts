import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { request as nodeRequest } from "node:http";
import { DRAIN_MS } from "@jatra/common/service/drain.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import {
  startFakeService,
  startGateway,
  startPlatform,
  type TestGateway,
  type TestPlatform,
} from "../gateway-fixture.ts";

describe("the gateway's proxy", () => {
  let platform: TestPlatform;
  before(async () => {
    platform = await startPlatform();
  });
  after(() => platform.close());

  it("hands a request on and the answer back, with its own headers on both", async () => {
    const { gateway, schedule } = platform;
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

  it("passes any method and an unknown path below a known prefix to the service", async () => {
    const { gateway, schedule } = platform;
    schedule.answer = (_request, response) => response.writeHead(405).end();
    assert.equal((await gateway.request("PURGE", "/api/trains/1/x/y")).status, 405);
    assert.equal(schedule.seen.at(-1)?.method, "PURGE");
    schedule.answer = (_request, response) => response.end("{}");
  });

  it("passes small, large and chunked bodies through, byte for byte", async () => {
    const { gateway, auth, booking } = platform;
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

  it("streams a large answer, with the service waiting for a slow client", async () => {
    const { gateway, schedule } = platform;
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
    const { gateway, schedule } = platform;
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
    const { gateway, schedule } = platform;
    schedule.answer = (_request, response) => {
      response.write("half");
      setImmediate(() => response.destroy());
    };
    await assert.rejects(gateway.request("GET", "/api/trains"));
    schedule.answer = (_request, response) => response.end("{}");
  });

  it("cancels a read whose client left, and lets anything else run to its end", async () => {
    const { gateway, auth, booking } = platform;
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
    const { redis } = platform;
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

  it("lets go of an idle connection before a service that stops would close it", async () => {
    const { gateway, schedule } = platform;
    const connected = async (): Promise<number> =>
      await new Promise((resolve) => {
        schedule.server.getConnections((_error, count) => resolve(count));
      });
    // As the services do.
    schedule.server.keepAliveTimeout = 65_000;
    await gateway.request("GET", "/api/trains");
    assert.ok((await connected()) > 0, "kept for the next request");
    await eventually(async () => (await connected()) === 0, DRAIN_MS);
  });

  it("closes connections with their answers while it drains, and is no longer ready", async () => {
    const { schedule, redis } = platform;
    const other = await startGateway({
      redisUrl: redis.url,
      prefix: `test-${randomUUID()}`,
      urls: { schedule: schedule.url },
    });
    assert.equal((await other.request("GET", "/health/ready")).status, 200);
    const drained = other.drain();
    assert.equal((await other.request("GET", "/health/ready")).status, 503);
    assert.equal((await other.request("GET", "/health/live")).status, 200);
    const answer = await other.request("GET", "/api/trains");
    assert.equal(answer.status, 200);
    assert.equal(answer.headers["connection"], "close");
    await drained;
    await other.stop();
  });
});

const aborts = async (gateway: TestGateway): Promise<number> => {
  const metric = await gateway.metrics.registry
    .getSingleMetric("gateway_client_aborts_total")
    ?.get();
  return metric?.values[0]?.value ?? 0;
};
