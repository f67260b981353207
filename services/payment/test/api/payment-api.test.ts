import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { eventually } from "@jatra/testing/eventually.ts";
import { internalHeaders } from "@jatra/testing/test-identity.ts";
import { capturePayment } from "../support/capture-payment.ts";
import { newIntent, startPaymentWorld, type PaymentWorld } from "../support/payment-world.ts";
import { webhookSecret } from "../support/simulator-process.ts";

const codeOf = (body: unknown): unknown => (body as { code?: string }).code;
const viewOf = (body: unknown) => body as { paymentId: string; status: string; amount: number };

describe("the payment API", function () {
  this.timeout(60_000);
  let world: PaymentWorld;

  before(async () => {
    world = await startPaymentWorld();
  });
  after(() => world.stop());

  const discrepancies = async (): Promise<number> => {
    const metric = world.metrics.registry.getSingleMetric("payment_discrepancies_total");
    const { values } = (await metric?.get()) ?? { values: [] };
    return values.reduce((sum, { value }) => sum + value, 0);
  };

  describe("GET /api/payments/:paymentId", () => {
    it("shows the payer's own payment and nobody else's", async () => {
      const { paymentId, bookingId } = await capturePayment(world);
      const own = await world.app.request("GET", `/api/payments/${paymentId}`, {
        identity: { userId: "user-1" },
      });
      assert.equal(own.status, 200);
      const { createdAt: _createdAt, ...view } = own.body as { createdAt: string };
      assert.deepEqual(view, {
        paymentId,
        bookingId,
        status: "CAPTURED",
        amount: 125_000,
        currency: "BDT",
        paymentMethod: "card",
        attempts: 1,
      });
      const foreign = await world.app.request("GET", `/api/payments/${paymentId}`, {
        identity: { userId: "user-2" },
      });
      assert.deepEqual([foreign.status, codeOf(foreign.body)], [404, "not_found"]);
      const nobody = await world.app.request("GET", `/api/payments/${paymentId}`);
      assert.equal(nobody.status, 401);
    });
  });

  describe("POST /api/payments/initiate", () => {
    const initiate = (body: unknown, userId = "user-1", headers: Record<string, string> = {}) =>
      world.app.request("POST", "/api/payments/initiate", { body, identity: { userId }, headers });

    const openBooking = (changes: { open?: boolean } = {}) => {
      const paymentId = randomUUID();
      const intent = newIntent();
      world.bookings.set(intent.bookingId, {
        ...intent,
        paymentId,
        deadlineAt: new Date(Date.now() + 300_000).toISOString(),
        open: changes.open ?? true,
      });
      return { paymentId, bookingId: intent.bookingId };
    };

    it("makes the booking's payment from booking's own figures and charges it once", async () => {
      const { paymentId, bookingId } = openBooking();
      const first = await initiate({ bookingId });
      assert.equal(first.status, 202);
      assert.equal(first.headers["location"], `/api/payments/${paymentId}`);
      assert.equal(viewOf(first.body).paymentId, paymentId);
      await world.outcomeOf(paymentId);
      const lines = await world.simulator.ledger();
      assert.equal(lines.filter((line) => line.reference === paymentId).length, 1);
    });

    it("answers the same bytes to a repeat, with and without the client's key", async () => {
      for (const headers of [{}, { "idempotency-key": randomUUID() }] as const) {
        const { bookingId } = openBooking();
        const first = await initiate({ bookingId }, "user-1", headers);
        const second = await initiate({ bookingId }, "user-1", headers);
        assert.equal(second.headers["idempotent-replayed"], "true");
        assert.deepEqual([second.status, second.bytes], [first.status, first.bytes]);
      }
    });

    it("never charges the client's figure", async () => {
      const { paymentId, bookingId } = openBooking();
      const answer = await initiate({ bookingId, amount: 1 });
      assert.deepEqual([answer.status, codeOf(answer.body)], [409, "price_changed"]);
      const { amount } = await world.outcomeOf(paymentId);
      assert.equal(amount, 125_000);
    });

    it("knows nothing of other users' and unknown bookings", async () => {
      const { bookingId } = openBooking();
      const foreign = await initiate({ bookingId }, "user-2");
      const unknown = await initiate({ bookingId: randomUUID() });
      assert.deepEqual([foreign.status, unknown.status], [404, 404]);
    });

    it("refuses a booking that has ended", async () => {
      const { bookingId } = openBooking({ open: false });
      const answer = await initiate({ bookingId });
      assert.deepEqual([answer.status, codeOf(answer.body)], [409, "payment_not_open"]);
    });
  });

  describe("POST /api/payments/webhooks/:provider", () => {
    const post = (body: string, signature: string) =>
      world.app.request("POST", "/api/payments/webhooks/simulator", {
        body,
        headers: { "x-signature": signature },
      });
    const sign = (body: string): string =>
      `sha256=${createHmac("sha256", webhookSecret).update(body).digest("hex")}`;
    const report = (paymentId: string, amount: number): string =>
      JSON.stringify({
        charges: [
          {
            chargeId: "ch_forged",
            reference: paymentId,
            status: "captured",
            amount,
            currency: "BDT",
            at: new Date().toISOString(),
          },
        ],
      });

    it("refuses a forged signature and believes nothing of it", async () => {
      const paymentId = randomUUID();
      await world.put(paymentId, newIntent("decline"));
      const body = report(paymentId, 125_000);
      const forged = [
        "sha256=00",
        sign(`${body} `),
        `sha256=${createHmac("sha256", "x").update(body).digest("hex")}`,
      ];
      for (const signature of forged) {
        const answer = await post(body, signature);
        assert.deepEqual([answer.status, codeOf(answer.body)], [401, "signature_invalid"]);
      }
      assert.equal((await world.outcomeOf(paymentId)).type, "payment.failed");
    });

    it("never captures another amount, and raises the alarm", async () => {
      const paymentId = randomUUID();
      await world.put(paymentId, newIntent("slow"));
      await eventually(async () => (await world.stateOf(paymentId)) === "SENT");
      const before = await discrepancies();
      const body = report(paymentId, 1);
      assert.equal((await post(body, sign(body))).status, 200);
      assert.equal(await world.stateOf(paymentId), "SENT");
      assert.equal((await discrepancies()) - before, 1);
      // The provider's true answer still counts.
      assert.equal((await world.outcomeOf(paymentId)).type, "payment.captured");
    });

    it("takes a repeat of what is known without telling booking again", async () => {
      const { paymentId } = await capturePayment(world);
      const [line] = (await world.simulator.ledger()).filter((l) => l.reference === paymentId);
      const body = report(paymentId, 125_000).replace("ch_forged", line?.id ?? "");
      assert.equal((await post(body, sign(body))).status, 200);
      const { rows } = await world.database.pool.query<{ told: number }>(
        "SELECT count(*) AS told FROM outbox WHERE content->>'paymentId' = $1",
        [paymentId],
      );
      assert.equal(rows[0]?.told, 1);
    });

    it("knows no other provider and no other form", async () => {
      const other = await world.app.request("POST", "/api/payments/webhooks/sslcommerz", {
        body: "{}",
      });
      assert.equal(other.status, 404);
      const answer = await post("{}", sign("{}"));
      assert.deepEqual([answer.status, codeOf(answer.body)], [400, "validation_failed"]);
    });
  });

  describe("PUT /internal/refunds/:refundId", () => {
    const refund = (refundId: string, body: unknown) =>
      world.app.request("PUT", `/internal/refunds/${refundId}`, { headers: internalHeaders, body });

    it("gives back once, however often it is asked for", async () => {
      const { paymentId, bookingId } = await capturePayment(world);
      const refundId = randomUUID();
      const body = { paymentId, bookingId, amount: 100_000, currency: "BDT" };
      const answers = await Promise.all(Array.from({ length: 5 }, () => refund(refundId, body)));
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([202]));
      const { type, amount } = await world.outcomeOf(refundId);
      assert.deepEqual({ type, amount }, { type: "payment.refunded", amount: 100_000 });
      const lines = (await world.simulator.ledger()).filter((line) => line.kind === "refund");
      assert.equal(lines.filter((line) => line.reference === refundId).length, 1);
      assert.deepEqual((await refund(refundId, body)).body, { refundId, state: "DONE" });
    });

    it("refuses more than was captured, a second refund, and what was never captured", async () => {
      const { paymentId, bookingId } = await capturePayment(world);
      const body = { paymentId, bookingId, amount: 125_001, currency: "BDT" };
      const more = await refund(randomUUID(), body);
      assert.deepEqual([more.status, codeOf(more.body)], [409, "refund_not_possible"]);
      assert.equal((await refund(randomUUID(), { ...body, amount: 1 })).status, 202);
      const second = await refund(randomUUID(), { ...body, amount: 1 });
      assert.deepEqual([second.status, codeOf(second.body)], [409, "conflict"]);
      const foreign = await refund(randomUUID(), { ...body, bookingId: randomUUID(), amount: 1 });
      assert.deepEqual([foreign.status, codeOf(foreign.body)], [404, "not_found"]);
      const declined = randomUUID();
      const intent = newIntent("decline");
      await world.put(declined, intent);
      await world.outcomeOf(declined);
      const never = await refund(randomUUID(), {
        paymentId: declined,
        bookingId: intent.bookingId,
        amount: 1,
        currency: "BDT",
      });
      assert.deepEqual([never.status, codeOf(never.body)], [409, "refund_not_possible"]);
    });
  });
});
