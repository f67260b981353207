import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { createInternalClient } from "@jatra/common/http/internal-client.ts";
import { createJourneyClient } from "../../src/data/journey-client.ts";
import { journeyOf } from "../fixtures/journeys.ts";

describe("journeys from schedule-service", () => {
  let server: Server;
  let asked: string[] = [];
  let failing = false;
  before(async () => {
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      const known = request.url === "/internal/journeys/test-journey";
      const status = failing ? 500 : known ? 200 : 404;
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(known ? journeyOf({}) : { code: "not_found" }));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  beforeEach(() => {
    asked = [];
    failing = false;
  });

  const client = () => {
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("not listening on TCP");
    const baseUrl = `http://127.0.0.1:${address.port}`;
    return createJourneyClient(createInternalClient({ baseUrl, token: "secret" }));
  };

  it("are asked for once, also by many at the same time", async () => {
    const journeys = client();
    const plans = await Promise.all(
      Array.from({ length: 20 }, async () => journeys.find("test-journey")),
    );
    await journeys.find("test-journey");
    assert.deepEqual(asked, ["GET /internal/journeys/test-journey Bearer secret"]);
    assert.equal(new Set(plans).size, 1);
    assert.equal(plans[0]?.seatIds.has("seat-20"), true);
  });

  it("are unknown for a moment after schedule-service didn't know them", async () => {
    const journeys = client();
    assert.equal(await journeys.find("nowhere"), undefined);
    assert.equal(await journeys.find("nowhere"), undefined);
    assert.equal(asked.length, 1);
  });

  it("aren't unknown because schedule-service fails", async () => {
    const journeys = client();
    failing = true;
    await assert.rejects(journeys.find("test-journey"), { code: "ECONNREFUSED" });
    failing = false;
    assert.equal((await journeys.find("test-journey"))?.journey.journeyId, "test-journey");
  });
});
