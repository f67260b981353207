import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import { createLifecycle, type ManagedLifecycle } from "@jatra/common/service/serve.ts";
import {
  simulatorWebhookSchema,
  type ProviderCharge,
} from "@jatra/contracts/http/payment-simulator.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { startTestApp, type TestAnswer, type TestApp } from "@jatra/testing/test-app.ts";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { compose } from "../../src/compose.ts";
import { configSchema } from "../../src/config.ts";

const secret = "test-webhook-secret";
const authorization = "Bearer test-store:test-key";

describe("the simulated provider", function () {
  this.timeout(30_000);
  let database: TestDatabase;
  let lifecycle: ManagedLifecycle;
  let app: TestApp;
  let merchant: Server;
  /** What the merchant was told, in order, with its signature checked. */
  const told: ProviderCharge[] = [];
  let merchantRefuses = 0;

  before(async () => {
    database = await createTestDatabase({ folder: new URL("../../migrations", import.meta.url) });
    merchant = createServer((request, response) => void take(request, response));
    merchant.listen(0, "127.0.0.1");
    await once(merchant, "listening");
    const address = merchant.address();
    assert.ok(address !== null && typeof address === "object");
    lifecycle = createLifecycle(silentLogger);
    const config = configSchema.parse({
      DATABASE_URL: database.url,
      PAYMENT_PROVIDER_KEY: "test-store:test-key",
      PAYMENT_WEBHOOK_SECRET: secret,
      PAYMENT_SERVICE_URL: `http://127.0.0.1:${address.port}`,
      PROVIDER_DELAY_MS: "0",
    });
    const metrics = createMetrics("payment-simulator");
    app = await startTestApp(compose(config, { logger: silentLogger, metrics, lifecycle }));
  });
  after(async () => {
    await app.close();
    await lifecycle.stop();
    merchant.close();
    merchant.closeAllConnections();
    await database.drop();
  });

  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks);
    const expected = createHmac("sha256", secret).update(body).digest("hex");
    const isSigned = request.headers["x-signature"] === `sha256=${expected}`;
    if (!isSigned || merchantRefuses > 0) {
      merchantRefuses -= 1;
      response.writeHead(503).end();
      return;
    }
    told.push(...simulatorWebhookSchema.parse(JSON.parse(body.toString())).charges);
    response.writeHead(200).end();
  };

  const charge = (changes: Record<string, unknown> = {}, key?: string): Promise<TestAnswer> =>
    app.request("POST", "/v1/charges", {
      headers: { authorization, ...(key === undefined ? {} : { "idempotency-key": key }) },
      body: {
        reference: randomUUID(),
        amount: 1_000,
        currency: "BDT",
        method: "card",
        ...changes,
      },
    });
  const get = (path: string): Promise<TestAnswer> =>
    app.request("GET", path, { headers: { authorization } });
  const chargesOf = async (reference: string): Promise<number> => {
    const { entries } = (await get("/v1/ledger")).body as { entries: { reference: string }[] };
    return entries.filter((entry) => entry.reference === reference).length;
  };
  const bodyOf = (answer: TestAnswer) =>
    answer.body as { chargeId: string; status: string; code: string };

  it("wants its merchant's key", async () => {
    const answer = await app.request("GET", "/v1/ledger", {
      headers: { authorization: "Bearer guess" },
    });
    assert.equal(answer.status, 401);
  });

  it("makes one charge of any number of requests under one key", async () => {
    const reference = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => charge({ reference }, reference)),
    );
    assert.equal(new Set(answers.map((answer) => bodyOf(answer).chargeId)).size, 1);
    assert.equal(await chargesOf(reference), 1);
    const other = await charge({ reference, amount: 2_000 }, reference);
    assert.deepEqual([other.status, bodyOf(other).code], [422, "idempotency_key_reused"]);
  });

  it("charges again and again without a key, as real providers do", async () => {
    const reference = randomUUID();
    await charge({ reference });
    await charge({ reference });
    assert.equal(await chargesOf(reference), 2);
  });

  it("finds a charge by its reference, a captured one before a declined one", async () => {
    const reference = randomUUID();
    assert.equal((await get(`/v1/charges/by-reference/${reference}`)).status, 404);
    assert.equal(bodyOf(await charge({ reference, simulate: "decline" })).status, "declined");
    await charge({ reference });
    const found = await get(`/v1/charges/by-reference/${reference}`);
    assert.equal(bodyOf(found).status, "captured");
  });

  it("fails twice without a charge, then approves, when told to", async () => {
    const reference = randomUUID();
    const body = { reference, simulate: "error_then_approve" };
    const statuses = [];
    for (let attempt = 0; attempt < 3; attempt += 1) {
      statuses.push((await charge(body, reference)).status);
    }
    assert.deepEqual(statuses, [503, 503, 200]);
    assert.equal(await chargesOf(reference), 1);
  });

  it("tells its merchant of each charge, signed, until it is taken", async () => {
    merchantRefuses = 2;
    const reference = randomUUID();
    await charge({ reference });
    await eventually(() => told.some((entry) => entry.reference === reference));
    assert.equal(told.filter((entry) => entry.reference === reference).length, 1);
    assert.equal(merchantRefuses, 0);
  });

  it("tells three times when told to repeat itself", async () => {
    const reference = randomUUID();
    await charge({ reference, simulate: "duplicate_webhook" });
    await eventually(() => told.filter((entry) => entry.reference === reference).length === 3);
  });

  it("never gives back more than it took, also to concurrent requests", async () => {
    const chargeReference = randomUUID();
    await charge({ reference: chargeReference });
    const refund = (reference: string, amount: number) =>
      app.request("POST", "/v1/refunds", {
        headers: { authorization, "idempotency-key": reference },
        body: { reference, chargeReference, amount, currency: "BDT" },
      });
    const answers = await Promise.all(Array.from({ length: 8 }, () => refund(randomUUID(), 300)));
    const statuses = answers.map((answer) => bodyOf(answer).status);
    assert.deepEqual(
      [statuses.filter((status) => status === "done").length, statuses.length],
      [3, 8],
    );
    const key = randomUUID();
    const repeats = [await refund(key, 100), await refund(key, 100)];
    assert.deepEqual(repeats.map((answer) => answer.body)[0], repeats[1]?.body);
    const unknown = await app.request("POST", "/v1/refunds", {
      headers: { authorization },
      body: { reference: "r", chargeReference: randomUUID(), amount: 1, currency: "BDT" },
    });
    assert.equal(unknown.status, 404);
  });

  it("lists its books in pages, in the order in which they were written", async () => {
    const all = (await get("/v1/ledger")).body as { entries: { sequence: number }[] };
    const sequences = all.entries.map((entry) => entry.sequence);
    assert.deepEqual(
      sequences,
      sequences.toSorted((a, b) => a - b),
    );
    const after = sequences[2] ?? 0;
    const page = (await get(`/v1/ledger?after=${after}&limit=2`)).body as typeof all;
    assert.deepEqual(
      page.entries.map((entry) => entry.sequence),
      sequences.slice(3, 5),
    );
  });
});
