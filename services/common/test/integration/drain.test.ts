import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type Socket } from "node:net";
import { z } from "zod";
import { createInternalClient } from "@jatra/common/http/internal-client.ts";
import { DRAIN_MS } from "@jatra/common/service/drain.ts";
import { createLifecycle, serve } from "@jatra/common/service/serve.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";

/** A service and who is connected to it; `stop` is what SIGTERM does. */
const startService = async () => {
  const lifecycle = createLifecycle(silentLogger);
  const connected = new Set<Socket>();
  const port = await serve({
    app: (_request, response) => void response.end('{"fine":true}'),
    port: 0,
    logger: silentLogger,
    lifecycle,
    createServer: (app) =>
      createServer(app).on("connection", (socket) => {
        connected.add(socket);
        socket.once("close", () => connected.delete(socket));
      }),
  });
  return { port, connected, stop: lifecycle.stop };
};

/** A kept-alive connection, by hand. */
const openConnection = async (port: number) => {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  let received = "";
  socket.on("data", (data) => {
    received += data.toString();
  });
  const ask = async (): Promise<string> => {
    received = "";
    socket.write("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
    await eventually(() => received.includes('{"fine":true}') || socket.destroyed);
    return received;
  };
  return { socket, ask };
};

describe("a service that is told to stop", () => {
  it("answers who is still connected, sends him elsewhere, and ends once he has gone", async () => {
    const service = await startService();
    const clients = [await openConnection(service.port), await openConnection(service.port)];
    for (const { ask } of clients) assert.match(await ask(), /\r\nConnection: keep-alive\r\n/);
    const startedMs = performance.now();
    const stopped = service.stop();
    for (const { ask, socket } of clients) {
      const answer = await ask();
      assert.match(answer, /^HTTP\/1\.1 200 /);
      assert.match(answer, /\r\nConnection: close\r\n/);
      await eventually(() => socket.destroyed);
    }
    // Whoever was told of this pod in time may still come.
    const late = await openConnection(service.port);
    assert.match(await late.ask(), /\r\nConnection: close\r\n/);
    await stopped;
    assert.ok(performance.now() - startedMs < DRAIN_MS, "it waited for nobody");
  });

  it("closes a connection that nobody uses in the end", async () => {
    const service = await startService();
    const { socket, ask } = await openConnection(service.port);
    await ask();
    await service.stop();
    await eventually(() => socket.destroyed);
  });

  it("ends at once when nobody is connected", async () => {
    const service = await startService();
    const startedMs = performance.now();
    await service.stop();
    assert.ok(performance.now() - startedMs < DRAIN_MS / 2);
  });
});

describe("a client inside the platform", () => {
  it("lets go of an idle connection before a service that stops would close it", async () => {
    const service = await startService();
    const baseUrl = `http://127.0.0.1:${service.port}`;
    const { call } = createInternalClient({ baseUrl, token: "x" });
    await call({ method: "GET", path: "/x", response: z.unknown() });
    assert.equal(service.connected.size, 1, "kept for the next call");
    await eventually(() => service.connected.size === 0, DRAIN_MS);
    await service.stop();
  });
});
