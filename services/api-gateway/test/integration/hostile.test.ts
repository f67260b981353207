import assert from "node:assert/strict";
import { once } from "node:events";
import type { RequestListener } from "node:http";
import { createEdgeServer } from "../../src/edge/create-server.ts";
import { startPlatform, type SeenRequest, type TestPlatform } from "../gateway-fixture.ts";
import { converse, inner, raw, statuses } from "../raw-request.ts";
import { FOLLOWER, forms } from "../hostile-forms.ts";

const follower = `GET ${FOLLOWER} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;

describe("the gateway before hostile requests", () => {
  let platform: TestPlatform;
  before(async () => {
    platform = await startPlatform();
  });
  after(() => platform.close());

  const seenBy = async (work: () => Promise<string>) => {
    const { auth, schedule } = platform;
    const before = [auth.seen.length, schedule.seen.length];
    const answer = await work();
    const seen = [...auth.seen.slice(before[0]), ...schedule.seen.slice(before[1])];
    const api = seen.filter(({ url }) => url?.startsWith("/api/"));
    return { answer, seen: api.map(({ url, body }: SeenRequest) => ({ url, body })) };
  };

  for (const { name, text, outcome } of forms) {
    it(`${outcome === "refused" ? "refuses" : "frames as it should"}: ${name}`, async () => {
      const { gateway } = platform;
      const { answer, seen } = await seenBy(() => converse(gateway.url, text + follower));
      assert.doesNotMatch(answer, inner);
      if (outcome === "refused") {
        assert.deepEqual(seen, [], "a service heard of it");
        assert.deepEqual(statuses(answer), [400]);
        assert.match(answer, /\r\nContent-Type: application\/problem\+json\r\n/);
        assert.match(answer, /\r\nConnection: close\r\n/);
      } else {
        // Two reads on one connection are handed on side by side.
        const byUrl = seen.toSorted((a, b) => (String(a.url) < String(b.url) ? -1 : 1));
        assert.deepEqual(byUrl, [...outcome, { url: FOLLOWER, body: "" }]);
        assert.deepEqual(statuses(answer), [200, 200]);
      }
    });
  }

  it("refuses TRACE and CONNECT, which would show or tunnel what is inside", async () => {
    const { gateway } = platform;
    for (const start of ["TRACE /api/trains", "CONNECT schedule-service:3002"]) {
      const text = `${start} HTTP/1.1\r\nHost: a\r\n\r\n`;
      const { answer, seen } = await seenBy(() => converse(gateway.url, text + follower));
      assert.deepEqual([statuses(answer), seen], [[405], []], start);
      assert.match(answer, /\r\nAllow: GET, HEAD, /);
      assert.match(answer, /"code":"method_not_allowed"/);
    }
  });

  it("answers as if no upgrade had been asked for", async () => {
    const upgrade = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: x";
    const text = `GET /api/trains HTTP/1.1\r\nHost: a\r\n${upgrade}\r\n\r\n`;
    assert.equal((await raw(platform.gateway, text)).status, 200);
    assert.equal(platform.schedule.seen.at(-1)?.headers["upgrade"], undefined);
  });

  it("goes on serving the others after all of that", async () => {
    assert.equal((await platform.gateway.request("GET", "/api/trains")).status, 200);
  });

  it("gives up slow loris, in whatever part of a request it takes its time", async () => {
    const parts = {
      "the request line": "GET /api/tra",
      headers: "GET /api/trains HTTP/1.1\r\nHost: a\r\nX-A: ",
      "a body": "POST /api/trains HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n",
      "a chunk":
        "POST /api/trains HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n",
    };
    let isHeard = 0;
    const app: RequestListener = (request, response) => {
      isHeard += 1;
      request.resume().on("end", () => response.end());
    };
    const server = createEdgeServer(app, {
      headersTimeoutMs: 300,
      requestTimeoutMs: 600,
      stillTimeoutMs: 60_000,
      checkIntervalMs: 50,
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    assert.ok(address !== null && typeof address === "object");
    const url = `http://127.0.0.1:${address.port}`;
    const answers = await Promise.all(
      // A byte every 20 ms: each is progress, and none of them may count as enough.
      Object.values(parts).map((part) => converse(url, part, { every: 20, byte: "a" })),
    );
    for (const [index, what] of Object.keys(parts).entries()) {
      assert.deepEqual(statuses(answers[index] ?? ""), [408], what);
      assert.match(answers[index] ?? "", /"code":"request_timeout"/, what);
    }
    assert.equal(isHeard, 2, "headers that never end reach nobody");
    server.close();
  });
});
