import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { internalHeaders } from "@jatra/testing/test-identity.ts";
import { capturePayment } from "../support/capture-payment.ts";
import { newIntent, startPaymentWorld, type PaymentWorld } from "../support/payment-world.ts";

const codeOf = (body: unknown): unknown => (body as { code?: string }).code;

describe("recording payments", function () {
  this.timeout(60_000);
  let world: PaymentWorld;

  before(async () => {
    world = await startPaymentWorld();
  });
  after(() => world.stop());

  describe("PUT /internal/payments/:paymentId", () => {
    it("answers a repeat the same and charges once", async () => {
      const paymentId = randomUUID();
      const intent = newIntent();
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => world.put(paymentId, intent)),
      );
      for (const { status, body } of answers) {
        assert.deepEqual(
          { status, body },
          { status: 202, body: { paymentId, bookingId: intent.bookingId } },
        );
      }
      await world.outcomeOf(paymentId);
      const lines = await world.simulator.ledger();
      assert.equal(lines.filter((line) => line.reference === paymentId).length, 1);
      assert.equal((await world.put(paymentId, intent)).status, 202);
    });

    it("refuses other figures under the same id and a second payment of a booking", async () => {
      const { paymentId, bookingId } = await capturePayment(world);
      const other = await world.put(paymentId, newIntent(undefined, { bookingId, amount: 1 }));
      assert.deepEqual([other.status, codeOf(other.body)], [409, "conflict"]);
      const second = await world.put(randomUUID(), newIntent(undefined, { bookingId }));
      assert.deepEqual([second.status, codeOf(second.body)], [409, "conflict"]);
    });

    it("wants the platform's token and a whole intent", async () => {
      const path = `/internal/payments/${randomUUID()}`;
      const bare = await world.app.request("PUT", path, { body: newIntent() });
      assert.equal(bare.status, 401);
      const { amount: _amount, ...partial } = newIntent();
      const answer = await world.app.request("PUT", path, {
        headers: internalHeaders,
        body: partial,
      });
      assert.deepEqual([answer.status, codeOf(answer.body)], [400, "validation_failed"]);
    });
  });

  describe("PUT /internal/payments", () => {
    const putAll = (payments: readonly object[]) =>
      world.app.request("PUT", "/internal/payments", {
        headers: internalHeaders,
        body: { payments },
      });

    it("records each of several and charges it once, whichever of them are refused", async () => {
      const known = await capturePayment(world);
      const closed = randomUUID();
      const path = `/internal/payments/${closed}/close`;
      await world.app.request("POST", path, { headers: internalHeaders });
      const listed = (paymentId: string, changes: object = {}) => ({
        ...newIntent(undefined, changes),
        paymentId,
        requestId: "request-1",
      });
      const fresh = [listed(randomUUID()), listed(randomUUID())];
      const request = [
        ...fresh,
        listed(closed),
        listed(known.paymentId, { bookingId: known.bookingId, amount: 1 }),
      ];
      const outcomes = ["recorded", "recorded", "payment_not_open", "conflict"];
      const body = {
        payments: request.map(({ paymentId }, index) => ({ paymentId, outcome: outcomes[index] })),
      };
      for (const answer of [await putAll(request), await putAll(request)]) {
        assert.deepEqual([answer.status, answer.body], [202, body]);
      }
      for (const { paymentId } of fresh) await world.outcomeOf(paymentId);
      const references = (await world.simulator.ledger()).map(({ reference }) => reference);
      const charges = request.map(
        ({ paymentId }) => references.filter((reference) => reference === paymentId).length,
      );
      assert.deepEqual(charges, [1, 1, 0, 1]);
    });

    it("wants the platform's token and whole intents", async () => {
      const path = "/internal/payments";
      const bare = await world.app.request("PUT", path, { body: { payments: [] } });
      assert.equal(bare.status, 401);
      const partial = [{ ...newIntent(), paymentId: randomUUID() }];
      const answer = await putAll(partial);
      assert.deepEqual([answer.status, codeOf(answer.body)], [400, "validation_failed"]);
    });
  });
});
