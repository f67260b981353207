import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect, type Socket } from "node:net";
import { Problem } from "@jatra/common/http/problem.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { createVisit } from "../../src/edge/visit.ts";
import { BodyIncompleteError } from "../../src/proxy/body-incomplete-error.ts";
import { createBodyTaker, type BodyLimits } from "../../src/proxy/create-body-taker.ts";
import { createUpstream } from "../../src/proxy/upstreams.ts";

/** Counted for, never called. */
const upstream = createUpstream("schedule", "http://127.0.0.1:1");

describe("taking request bodies in", () => {
  let server: Server;
  const sockets: Socket[] = [];
  after(() => upstream.pool.close());
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    server.close();
  });

  /** A server that takes bodies within the limits; what it said of each request, in order. */
  const listen = async (limits: BodyLimits): Promise<string[]> => {
    const said: string[] = [];
    const take = createBodyTaker(limits);
    server = createServer((request, response) => {
      take(createVisit(request, response), upstream).then(
        (body) => said.push(body.kind),
        (error: unknown) => said.push(wordOf(error)),
      );
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return said;
  };
  const send = async (text: string): Promise<Socket> => {
    const address = server.address();
    assert.ok(address !== null && typeof address === "object");
    const socket = connect(address.port, "127.0.0.1");
    sockets.push(socket);
    socket.on("error", () => undefined);
    const arrived = once(server, "request");
    socket.write(`POST / HTTP/1.1\r\nHost: a\r\n${text}`);
    await arrived;
    return socket;
  };

  it("keeps no more in memory than it may, and frees what has ended or was given up", async () => {
    const said = await listen({ gatheringBytes: 100, streams: 1 });
    const first = await send("Content-Length: 60\r\n\r\nx");
    await send("Content-Length: 60\r\n\r\nx");
    await eventually(() => said.length === 1);
    assert.deepEqual(said, ["dependency_unavailable"]);
    const second = await send("Content-Length: 40\r\n\r\nx");
    first.write("x".repeat(59));
    await eventually(() => said.length === 2);
    second.destroy();
    await eventually(() => said.length === 3);
    assert.deepEqual(said.slice(1), ["gathered", "left"]);
    await send(`Content-Length: 100\r\n\r\n${"x".repeat(100)}`);
    await eventually(() => said.length === 4);
    assert.equal(said[3], "gathered");
  });

  it("counts the room for a body without a length before it knows it", async () => {
    const said = await listen({ gatheringBytes: 100_000, streams: 1 });
    await send("Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
    await send("Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
    await eventually(() => said.length === 1);
    assert.deepEqual(said, ["dependency_unavailable"]);
  });

  it("lets so many large bodies come as they like, and others when those have left", async () => {
    const said = await listen({ gatheringBytes: 100_000, streams: 2 });
    const large = "Content-Length: 200000\r\n\r\nx";
    const [first] = [await send(large), await send(large), await send(large)];
    await eventually(() => said.length === 3);
    assert.deepEqual(said, ["streamed", "streamed", "dependency_unavailable"]);
    first.destroy();
    await eventually(async () => {
      await send(large);
      return said.at(-1) === "streamed";
    });
  });
});

const wordOf = (error: unknown): string => {
  if (error instanceof BodyIncompleteError) return "left";
  return error instanceof Problem ? error.code : String(error);
};
