import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { isLegalTransition, paymentStates } from "../../src/domain/payment.ts";
import { refundStates, refundTransitions, type RefundLifeState } from "../../src/domain/refund.ts";

describe("the state machines in the database", () => {
  let database: TestDatabase;

  before(async () => {
    database = await createTestDatabase({ folder: new URL("../../migrations", import.meta.url) });
  });
  after(() => database.drop());

  const insertPayment = async (state: string): Promise<string> => {
    const paymentId = randomUUID();
    await database.pool.query(
      `INSERT INTO payments (payment_id, booking_id, user_id, amount, currency, method, state, provider_reference)
       VALUES ($1, $2, 'user-1', 100, 'BDT', 'card', $3, 'charge-1')`,
      [paymentId, randomUUID(), state],
    );
    return paymentId;
  };

  const allows = async (statement: string, values: unknown[]): Promise<boolean> => {
    try {
      await database.pool.query(statement, values);
      return true;
    } catch (error) {
      assert.match(String(error), /may not go from/);
      return false;
    }
  };

  it("allow the payment's transitions of the domain and no others", async () => {
    for (const from of paymentStates) {
      for (const to of paymentStates.filter((state) => state !== from)) {
        const paymentId = await insertPayment(from);
        const allowed = await allows("UPDATE payments SET state = $2 WHERE payment_id = $1", [
          paymentId,
          to,
        ]);
        assert.equal(allowed, isLegalTransition(from, to), `${from} → ${to}`);
      }
    }
  });

  it("allow the refund's transitions of the domain and no others", async () => {
    for (const from of refundStates) {
      for (const to of refundStates.filter((state) => state !== from)) {
        const refundId = randomUUID();
        await database.pool.query(
          `INSERT INTO refunds (refund_id, payment_id, booking_id, amount, currency, state)
           VALUES ($1, $2, $3, 100, 'BDT', $4)`,
          [refundId, await insertPayment("CAPTURED"), randomUUID(), from],
        );
        const allowed = await allows("UPDATE refunds SET state = $2 WHERE refund_id = $1", [
          refundId,
          to,
        ]);
        const legal: readonly RefundLifeState[] = refundTransitions[from];
        assert.equal(allowed, legal.includes(to), `${from} → ${to}`);
      }
    }
  });
});
