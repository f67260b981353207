import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type Socket } from "node:net";
import { eventually } from "@jatra/testing/eventually.ts";
import { limitConnections } from "../../src/edge/limit-connections.ts";
import { startGateway, startPlatform, type TestPlatform } from "../gateway-fixture.ts";

/** More than a gateway pod has connections to one service. */
const CROWD = 160;

describe("the gateway before slow clients", () => {
  let platform: TestPlatform;
  const sockets: Socket[] = [];
  before(async () => {
    platform = await startPlatform();
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });
  after(() => platform.close());

  /** A client that has sent this and then keeps still; what has come back so far. */
  const send = async (
    url: string,
    text: string,
  ): Promise<{ socket: Socket; read: () => string }> => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    sockets.push(socket);
    let answer = "";
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      answer += data.toString("latin1");
    });
    await once(socket, "connect");
    await new Promise((resolve) => socket.write(text, resolve));
    return { socket, read: () => answer };
  };
  const connectionsOf = async (server: {
    getConnections: typeof createServer.prototype.getConnections;
  }) =>
    new Promise<number>((resolve) => {
      server.getConnections((_error: unknown, count: number) => resolve(count));
    });

  it("keeps no connection to a service for bodies that come slowly, whole or in chunks", async () => {
    const { gateway, auth, booking } = platform;
    const token = await auth.token("user-1");
    const head = `POST /api/bookings HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n`;
    for (const slow of [
      `${head}Transfer-Encoding: chunked\r\n\r\n1000\r\nab`,
      `${head}Content-Length: 4096\r\n\r\nab`,
    ]) {
      await Promise.all(Array.from({ length: CROWD }, () => send(gateway.url, slow)));
      assert.equal(await connectionsOf(booking.server), 0, "a service waits for a slow client");
      const answer = await gateway.request("POST", "/api/bookings", { token, body: "{}" });
      assert.equal(answer.status, 200);
      await eventually(async () => (await connectionsOf(booking.server)) === 0);
    }
  });

  it("hands a chunked body on that ended small with its length, and a larger one as it comes", async () => {
    const { gateway, auth, booking } = platform;
    const token = await auth.token("user-1");
    const head = `POST /api/bookings HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
    for (const [parts, length] of [
      [["{", "}"], "2"],
      [["x".repeat(40_000), "y".repeat(40_000), "z"], undefined],
    ] as const) {
      const seen = booking.seen.length;
      const { socket, read } = await send(gateway.url, head + parts.map(chunk).join(""));
      socket.write("0\r\n\r\n");
      await eventually(() => read().includes("200 OK"));
      assert.equal(booking.seen.length, seen + 1);
      assert.equal(booking.seen.at(-1)?.body, parts.join(""));
      assert.equal(booking.seen.at(-1)?.headers["content-length"], length);
    }
  });

  it("lets large bodies that come slowly take a part of a service's connections only", async () => {
    const { gateway, auth, booking } = platform;
    const token = await auth.token("user-1");
    const head = `POST /api/bookings HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n`;
    const slow = `${head}Content-Length: 200000\r\n\r\n${"x".repeat(100_000)}`;
    const clients = await Promise.all(Array.from({ length: CROWD }, () => send(gateway.url, slow)));
    const refused = (): number => clients.filter(({ read }) => read().includes(" 503 ")).length;
    await eventually(() => refused() === CROWD - 32);
    assert.match(clients.find(({ read }) => read() !== "")?.read() ?? "", /\r\nRetry-After: 1\r\n/);
    assert.equal(await connectionsOf(booking.server), 32);
    assert.equal((await gateway.request("GET", "/api/bookings", { token })).status, 200);
    for (const { socket } of clients) socket.destroy();
    // Their places are free again.
    const body = "x".repeat(100_000);
    await eventually(
      async () => (await gateway.request("POST", "/api/bookings", { token, body })).status === 200,
    );
  });

  it("gives up a client that takes nothing of its answer, and lets go of the service", async () => {
    const { redis, schedule } = platform;
    const other = await startGateway({
      redisUrl: redis.url,
      prefix: `test-${randomUUID()}`,
      urls: { schedule: schedule.url },
      patience: {
        headersTimeoutMs: 10_000,
        requestTimeoutMs: 30_000,
        stillTimeoutMs: 300,
        checkIntervalMs: 2_000,
      },
    });
    let isGivenUp = false;
    schedule.answer = (_request, response) => {
      response.once("close", () => {
        isGivenUp = !response.writableFinished;
      });
      response.end(Buffer.alloc(64 * 1024 * 1024));
    };
    const { socket } = await send(other.url, "GET /api/trains HTTP/1.1\r\nHost: a\r\n\r\n");
    socket.pause();
    await eventually(() => isGivenUp);
    schedule.answer = (_request, response) => response.end("{}");
    assert.equal((await other.request("GET", "/api/trains")).status, 200);
    await other.stop();
  });

  it("closes idle connections for new ones when there are too many", async () => {
    const server = createServer((_request, response) => response.end("{}"));
    limitConnections(server, 3);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    assert.ok(address !== null && typeof address === "object");
    const url = `http://127.0.0.1:${address.port}`;
    const busy = await send(url, "POST / HTTP/1.1\r\nHost: a\r\n");
    const idle = await Promise.all(
      [1, 2].map(() => send(url, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")),
    );
    await eventually(() => idle.every(({ read }) => read().includes("200 OK")));
    const unlucky = await send(url, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await eventually(() => unlucky.socket.destroyed);
    await eventually(() => idle.every(({ socket }) => socket.destroyed));
    const next = await send(url, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await eventually(() => next.read().includes("200 OK"));
    assert.equal(busy.socket.destroyed, false);
    server.close();
    server.closeAllConnections();
  });
});
