import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { z } from "zod";
import { createClient, type Step } from "../../../cluster/walk-through-client.ts";

describe("the client of the walk-through", () => {
  let server: Server;
  let baseUrl = "";
  let polls = 0;
  let steps: Step[] = [];

  before(async () => {
    server = createServer((request, response) => {
      polls += 1;
      if (request.url === "/broken")
        response.writeHead(503).end('{"code":"dependency_unavailable"}');
      else response.end(JSON.stringify({ status: polls < 3 ? "PAYMENT_PENDING" : "CONFIRMED" }));
    });
    await new Promise<void>((done) => {
      server.listen(0, "127.0.0.1", done);
    });
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    baseUrl = `http://127.0.0.1:${address.port}`;
  });
  beforeEach(() => {
    polls = 0;
    steps = [];
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const schema = z.object({ status: z.string() });
  const client = () => createClient(baseUrl, (step) => steps.push(step));
  const poll = (wanted: string, timeoutMs: number) =>
    client().poll("wait", {
      path: "/booking",
      schema,
      timeoutMs,
      pollMs: 5,
      until: ({ status }) => status === wanted,
      detail: ({ status }) => status,
    });

  it("asks until the answer is the awaited one and reports it as one step", async () => {
    assert.deepEqual(await poll("CONFIRMED", 5_000), { status: "CONFIRMED" });
    assert.deepEqual(
      steps.map(({ name, request, status, detail }) => ({ name, request, status, detail })),
      [{ name: "wait", request: "GET /booking", status: 200, detail: "CONFIRMED" }],
    );
  });

  it("gives up at the deadline and says what it saw last", async () => {
    polls = 3;
    await assert.rejects(poll("REFUNDED", 100), { name: "Failure", message: /CONFIRMED/ });
  });

  it("takes no other status than the promised one for success", async () => {
    const request = { method: "GET", path: "/broken", expected: 404, schema };
    await assert.rejects(client().send("look", request), {
      name: "Failure",
      message: /answered 503 instead of 404: .*dependency_unavailable/,
    });
    assert.equal(steps.length, 1);
  });

  it("says that nobody answers where nobody does", async () => {
    const nobody = createClient("http://127.0.0.1:1", () => undefined);
    const request = { method: "GET", path: "/health", expected: 200, schema };
    await assert.rejects(nobody.send("look", request), { message: /got no answer/ });
  });
});
