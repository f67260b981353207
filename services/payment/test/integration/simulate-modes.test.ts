import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { PaymentDetails } from "@jatra/contracts/messages/payment-process.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { newIntent, startPaymentWorld, type PaymentWorld } from "../support/payment-world.ts";

type Simulation = NonNullable<PaymentDetails["simulate"]>;

const endings: Readonly<Record<Simulation, "payment.captured" | "payment.failed">> = {
  approve: "payment.captured",
  decline: "payment.failed",
  slow: "payment.captured",
  timeout_after_charge: "payment.captured",
  error_then_approve: "payment.captured",
  duplicate_webhook: "payment.captured",
};

describe("payments through the simulator", function () {
  this.timeout(60_000);
  let world: PaymentWorld;
  const payments = new Map<string, string>();

  before(async () => {
    world = await startPaymentWorld();
    for (const simulate of Object.keys(endings) as Simulation[]) {
      const paymentId = randomUUID();
      payments.set(simulate, paymentId);
      const answer = await world.put(paymentId, newIntent(simulate));
      assert.equal(answer.status, 202);
    }
  });
  after(() => world.stop());

  for (const [simulate, ending] of Object.entries(endings)) {
    it(`ends «${simulate}» as ${ending} with one line in the provider's books`, async () => {
      const paymentId = payments.get(simulate) ?? "";
      const { type, amount } = await world.outcomeOf(paymentId, 55_000);
      assert.deepEqual({ type, amount }, { type: ending, amount: 125_000 });
      const status = ending === "payment.captured" ? "captured" : "declined";
      const lines = (await world.simulator.ledger()).filter((line) => line.reference === paymentId);
      assert.deepEqual(
        lines.map((line) => line.status),
        [status],
      );
    });
  }

  it("tells each outcome once, however many webhooks say it", async () => {
    // All webhooks but the held-back one of `timeout_after_charge` have been taken.
    await eventually(async () => {
      const { rows } = await world.database.pool.query<{ open: number }>(
        "SELECT count(*) AS open FROM outbox WHERE published_at IS NULL",
      );
      return rows[0]?.open === 0;
    });
    const ids = world.events.map((event) => event.paymentId);
    assert.equal(new Set(ids).size, ids.length);
  });
});
