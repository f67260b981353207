import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createRawServer } from "node:net";
import { PassThrough } from "node:stream";
import { eventually } from "@jatra/testing/eventually.ts";
import type { RequestBody } from "../../src/proxy/request-body.ts";
import type { CallRequest } from "../../src/proxy/service-call.ts";
import { none, portOf, send, startPoolFixture, type PoolFixture } from "../pool-fixture.ts";

describe("a connection to a service", () => {
  let fixture: PoolFixture;
  beforeEach(async () => {
    fixture = await startPoolFixture();
  });
  afterEach(() => fixture.close());

  it("carries a request with its headers and body, and the answer with its own", async () => {
    fixture.answer = (request, response, body) => {
      response.setHeader(
        "X-Seen",
        `${request.method} ${request.url} ${String(request.headers["x-a"])}`,
      );
      response.end(Buffer.from(`${request.headers["content-length"]}:${body}`, "latin1"));
    };
    const bytes = Buffer.from("é€", "utf8");
    const path = "/a?b=c";
    const headers = ["x-a", "1", "content-length", "99"];
    const { outcome, over } = send(fixture.pool(), {
      method: "POST",
      path,
      headers,
      body: { kind: "gathered", bytes },
    });
    await over();
    assert.deepEqual(
      { ...outcome, headers: outcome.headers.slice(0, 2) },
      {
        status: 200,
        headers: ["x-seen", "POST /a?b=c 1"],
        body: `5:${bytes.toString("latin1")}`,
        sent: true,
        end: "answered",
      },
    );
  });

  it("frames every body: none, long, streamed with a length, streamed without", async () => {
    fixture.answer = (request, response, body) => {
      const { "content-length": length, "transfer-encoding": coding } = request.headers;
      response.end(`${length} ${coding} ${body.length}`);
    };
    const pool = fixture.pool();
    const streamOf = (size: number): PassThrough => {
      const stream = new PassThrough();
      stream.end(Buffer.alloc(size));
      return stream;
    };
    const cases: [string, CallRequest["headers"], RequestBody, string][] = [
      ["GET", [], none, "undefined undefined 0"],
      ["GET", ["content-length", "0"], none, "undefined undefined 0"],
      ["POST", [], none, "0 undefined 0"],
      ["POST", [], { kind: "gathered", bytes: Buffer.alloc(50_000) }, "50000 undefined 50000"],
      [
        "PUT",
        ["content-length", "200000"],
        { kind: "streamed", stream: streamOf(200_000) },
        "200000 undefined 200000",
      ],
      ["PUT", [], { kind: "streamed", stream: streamOf(200_000) }, "undefined chunked 200000"],
    ];
    for (const [method, headers, body, seen] of cases) {
      const { outcome, over } = send(pool, { method, headers, body });
      await over();
      assert.equal(outcome.body, seen);
    }
    assert.equal(fixture.sockets.size, 1, "one connection carried them all");
  });

  it("refuses a header that would begin another one", async () => {
    const pool = fixture.pool();
    for (const value of ["a\r\nx-jatra-identity: b", "a\nb", "a\0b"]) {
      const { outcome, over } = send(pool, { headers: ["x-a", value] });
      await over();
      assert.equal(outcome.end instanceof Error && outcome.end.name, "BadRequestHeaderError");
    }
    assert.equal(fixture.sockets.size, 0);
  });

  it("fails a call whose answer breaks off, before it or within it", async () => {
    const pool = fixture.pool();
    fixture.answer = (_request, response) => response.destroy();
    const before = send(pool);
    await before.over();
    assert.equal(before.outcome.sent, true);
    assert.ok(before.outcome.end instanceof Error);
    fixture.answer = (_request, response) => {
      response.writeHead(200, { "Content-Length": "10" });
      response.write("half", () => response.destroy());
    };
    const within = send(pool);
    await within.over();
    assert.deepEqual([within.outcome.status, within.outcome.body], [200, "half"]);
    assert.ok(within.outcome.end instanceof Error);
  });

  it("stops reading while a call is paused, so that the service has to wait", async () => {
    const pool = fixture.pool();
    const total = 32 * 1024 * 1024;
    let written = 0;
    fixture.answer = (_request, response) => {
      const more = (): void => {
        while (written < total) {
          written += 64 * 1024;
          if (!response.write(Buffer.alloc(64 * 1024))) {
            response.once("drain", more);
            return;
          }
        }
        response.end();
      };
      more();
    };
    let read = 0;
    let ended = false;
    const call = pool.send(
      { method: "GET", path: "/", headers: [], body: none },
      {
        onSent: () => undefined,
        onAnswer: () => undefined,
        onData: (bytes) => {
          if (read === 0) call.pause();
          read += bytes.length;
        },
        onEnd: () => {
          ended = true;
        },
        onError: (error) => assert.fail(error),
      },
    );
    let last = -1;
    await eventually(() => {
      const isStill = written === last;
      last = written;
      return isStill && written > 0;
    });
    assert.ok(written < total / 2 && read <= 64 * 1024, `${written} written, ${read} read`);
    call.resume();
    await eventually(() => ended);
    assert.equal(read, total);
  });

  it("takes an answer that comes before the request is through, and carries nothing after it", async () => {
    const raw = createRawServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => {
        socket.write("HTTP/1.1 413 No\r\nContent-Length: 2\r\n\r\nno");
      });
    });
    raw.listen(0, "127.0.0.1");
    await once(raw, "listening");
    const pool = fixture.pool({}, portOf(raw));
    const stream = new PassThrough();
    stream.write("begun");
    const { outcome, over } = send(pool, { method: "POST", body: { kind: "streamed", stream } });
    await over();
    assert.deepEqual([outcome.status, outcome.body, outcome.end], [413, "no", "answered"]);
    await eventually(() => stream.readableFlowing === true);
    const connections = (): Promise<number> =>
      new Promise((resolve) => raw.getConnections((_error, count) => resolve(count)));
    // Sooner than an idle connection is closed in any case.
    await eventually(async () => (await connections()) === 0, 2_000);
    raw.close();
  });

  it("fails a call whose body breaks off, before it is sent or within it, and sends no half of it", async () => {
    const pool = fixture.pool();
    const bodies: string[] = [];
    fixture.answer = (_request, response, body) => {
      bodies.push(body);
      response.end();
    };
    const broken = new Error("broken off");
    for (const isBegun of [false, true]) {
      const stream = new PassThrough();
      stream.write("half");
      const { outcome, over } = send(pool, { method: "POST", body: { kind: "streamed", stream } });
      if (isBegun) await eventually(() => outcome.sent);
      stream.destroy(broken);
      await over();
      assert.deepEqual([outcome.end, outcome.sent], [broken, isBegun]);
    }
    await eventually(() => fixture.sockets.size === 0);
    assert.deepEqual(bodies, []);
  });

  it("reads the next answer although the one before ended while it was paused", async () => {
    const pool = fixture.pool({ connectionsMax: 1 });
    fixture.answer = (_request, response) => response.end(Buffer.alloc(20_000));
    const paused = send(pool);
    const { onData } = paused.call.handler;
    Object.assign(paused.call.handler, {
      onData: (bytes: Buffer) => {
        paused.call.pause();
        onData(bytes);
      },
    });
    await paused.over();
    assert.equal(paused.call.isPaused, true);
    await send(pool).over();
    assert.equal(fixture.sockets.size, 1);
  });
});
