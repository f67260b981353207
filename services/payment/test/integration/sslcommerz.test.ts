import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createTestDatabase } from "@jatra/testing/test-database.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { internalHeaders } from "@jatra/testing/test-identity.ts";
import { countViolations } from "../../src/data/count-violations.ts";
import { sendPayment } from "../../src/domain/send-payment.ts";
import { sweepPayments } from "../../src/domain/sweep-payments.ts";
import { createSslcommerzProvider } from "../../src/providers/sslcommerz/create-sslcommerz-provider.ts";
import { sessionFields, storeLoginOf } from "../../src/providers/sslcommerz/session-fields.ts";
import { toReference } from "../../src/providers/sslcommerz/reference.ts";
import { eventsOf, letTimePass, testDependencies } from "../support/test-dependencies.ts";
import { freePort } from "@jatra/testing/free-port.ts";
import { providerKey } from "../support/simulator-process.ts";
import { newIntent, startPaymentWorld, type PaymentWorld } from "../support/payment-world.ts";

describe("payments through SSLCommerz's wire format", function () {
  this.timeout(60_000);
  let world: PaymentWorld;

  before(async () => {
    world = await startPaymentWorld({ PAYMENT_PROVIDER: "sslcommerz" });
  });
  after(() => world.stop());

  const initiate = async () => {
    const paymentId = randomUUID();
    const intent = newIntent();
    await world.put(paymentId, intent);
    const answer = await world.app.request("POST", "/api/payments/initiate", {
      identity: { userId: intent.userId },
      body: { bookingId: intent.bookingId },
    });
    assert.equal(answer.status, 202);
    const { redirectUrl } = answer.body as { redirectUrl: string };
    return { paymentId, intent, redirectUrl };
  };

  const decide = async (redirectUrl: string, decision: string): Promise<string> => {
    const answer = await fetch(redirectUrl, {
      method: "POST",
      body: new URLSearchParams({ decision }),
    });
    assert.equal(answer.status, 200);
    return answer.text();
  };

  const linesOf = async (paymentId: string): Promise<string[]> => {
    const lines = await world.simulator.ledger();
    return lines
      .filter((line) => line.reference === toReference(paymentId))
      .map((line) => line.status);
  };

  it("captures what the payer approves on the page, after the notification was validated", async () => {
    const { paymentId, redirectUrl } = await initiate();
    const page = await (await fetch(redirectUrl)).text();
    assert.match(page, /BDT 1250\.00/);
    const wayBack = await decide(redirectUrl, "approve");
    assert.match(wayBack, /action="[^"]+\/api\/payments\/return"/);
    const { type, amount } = await world.outcomeOf(paymentId);
    assert.deepEqual({ type, amount }, { type: "payment.captured", amount: 125_000 });
    assert.deepEqual(await linesOf(paymentId), ["captured"]);
  });

  it("fails what the payer declines or cancels", async () => {
    for (const decision of ["decline", "cancel"]) {
      const { paymentId, redirectUrl } = await initiate();
      await decide(redirectUrl, decision);
      assert.equal((await world.outcomeOf(paymentId)).type, "payment.failed");
      assert.equal((await linesOf(paymentId)).includes("captured"), false);
    }
  });

  it("answers the same page to a repeat", async () => {
    const { intent, redirectUrl } = await initiate();
    const again = await world.app.request("POST", "/api/payments/initiate", {
      identity: { userId: intent.userId },
      headers: { "idempotency-key": randomUUID() },
      body: { bookingId: intent.bookingId },
    });
    assert.equal((again.body as { redirectUrl: string }).redirectUrl, redirectUrl);
  });

  it("asks by itself when the notification never comes", async () => {
    const database = await createTestDatabase({
      folder: new URL("../../migrations", import.meta.url),
    });
    const provider = createSslcommerzProvider({
      baseUrl: `${world.simulator.url}/sslcommerz`,
      login: providerKey,
      // Nobody listens there, so the notification is lost.
      publicUrl: `http://127.0.0.1:${await freePort()}`,
    });
    const dependencies = testDependencies(database, provider);
    const paymentId = randomUUID();
    await dependencies.payments.insertIntent(paymentId, newIntent(), "request-1");
    for (const payment of await dependencies.payments.leaseNew(1, 15_000)) {
      await sendPayment(dependencies, payment);
    }
    const { redirectUrl } = (await dependencies.payments.find(paymentId)) ?? {};
    await letTimePass(database, 60);
    await sweepPayments(dependencies);
    assert.equal((await dependencies.payments.find(paymentId))?.state, "SENT", "payer undecided");
    await decide(redirectUrl ?? "", "approve");
    await letTimePass(database, 60);
    await sweepPayments(dependencies);
    assert.deepEqual(await eventsOf(database, paymentId), ["payment.captured"]);
    await database.drop();
  });

  it("refuses a forged notification and believes nothing of an unvalidated one", async () => {
    const { paymentId } = await initiate();
    const forged = new URLSearchParams({
      status: "VALID",
      tran_id: toReference(paymentId),
      val_id: "1",
      verify_key: "status,tran_id,val_id",
      verify_sign: "0".repeat(32),
    });
    const answer = await world.app.request("POST", "/api/payments/webhooks/sslcommerz", {
      body: forged.toString(),
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    assert.equal(answer.status, 401);
    assert.equal(await world.stateOf(paymentId), "SENT");
  });

  it("keeps a payer's page from charging after close, or hands the money back to booking", async () => {
    const { paymentId, redirectUrl } = await initiate();
    const close = () =>
      world.app.request("POST", `/internal/payments/${paymentId}/close`, {
        headers: internalHeaders,
      });
    assert.equal(((await close()).body as { state: string }).state, "PENDING");
    await world.database.pool.query(
      "UPDATE payments SET sent_at = sent_at - interval '1 minute' WHERE payment_id = $1",
      [paymentId],
    );
    assert.equal(((await close()).body as { state: string }).state, "FAILED");
    await decide(redirectUrl, "approve");
    await eventually(() =>
      world.events.some(
        (event) => event.paymentId === paymentId && event.type === "payment.captured",
      ),
    );
  });

  it("keeps on record what a payer paid a second time, on another page for the same payment", async () => {
    const { paymentId, intent, redirectUrl } = await initiate();
    const form = new URLSearchParams({
      ...sessionFields(
        { paymentId, amount: intent.amount, currency: "BDT", method: "card", details: undefined },
        storeLoginOf(providerKey),
        world.app.url,
      ),
    });
    const opened = await fetch(`${world.simulator.url}/sslcommerz/gwprocess/v4/api.php`, {
      method: "POST",
      body: form,
    });
    const { GatewayPageURL } = (await opened.json()) as { GatewayPageURL: string };
    await decide(redirectUrl, "approve");
    assert.equal((await world.outcomeOf(paymentId)).type, "payment.captured");
    await decide(GatewayPageURL, "approve");
    await eventually(async () => (await countViolations(world.database.pool)).I2 === 1);
    assert.equal(await world.stateOf(paymentId), "CAPTURED");
  });

  it("refunds by refund_trans_id, once", async () => {
    const { paymentId, intent, redirectUrl } = await initiate();
    await decide(redirectUrl, "approve");
    await world.outcomeOf(paymentId);
    const refundId = randomUUID();
    const { bookingId } = intent;
    const body = { paymentId, bookingId, amount: 50_000, currency: "BDT" };
    const ask = () =>
      world.app.request("PUT", `/internal/refunds/${refundId}`, { headers: internalHeaders, body });
    await Promise.all([ask(), ask(), ask()]);
    const { type, amount } = await world.outcomeOf(refundId);
    assert.deepEqual({ type, amount }, { type: "payment.refunded", amount: 50_000 });
    const refunds = (await world.simulator.ledger()).filter(
      (line) => line.reference === toReference(refundId),
    );
    assert.deepEqual(
      refunds.map((line) => [line.kind, line.status, line.amount]),
      [["refund", "done", 50_000]],
    );
  });
});
