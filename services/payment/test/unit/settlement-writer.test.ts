import assert from "node:assert/strict";
import type { Payment } from "../../src/domain/payment.ts";
import type { Settlement } from "../../src/domain/payment-store.ts";
import { createSettlementWriter } from "../../src/domain/settlement-writer.ts";

const settlement = (paymentId: string, state: Settlement["state"] = "CAPTURED"): Settlement => ({
  paymentId,
  state,
  providerReference: "charge-1",
  reason: undefined,
});

const settled = ({ paymentId, state }: Settlement): Payment => ({
  paymentId,
  bookingId: "6f0c1a52-6d0c-4a6e-9d6b-0d8f1d0c7a11",
  userId: "user-1",
  amount: 100,
  currency: "BDT",
  method: "card",
  details: undefined,
  state,
  closeRequested: false,
  attempts: 1,
  deadlineAt: undefined,
  deadlinePassed: false,
  sentAgoMs: 0,
  redirectUrl: undefined,
  providerReference: "charge-1",
  reason: undefined,
  requestId: "request-1",
  createdAt: new Date(0),
});

const ids = Array.from({ length: 5 }, (_, index) => `6f0c1a52-6d0c-4a6e-9d6b-00000000000${index}`);

describe("writing settlements", () => {
  /** Batches as the store saw them; `poison` can't be written. */
  const record = (poison?: string) => {
    const batches: string[][] = [];
    const write = createSettlementWriter({
      send: () => undefined,
      transact: (work) =>
        work({ query: async () => ({ rows: [], rowCount: 0, command: "", oid: 0, fields: [] }) }),
      payments: {
        settle: async (_tx, settlements) => {
          batches.push(settlements.map(({ paymentId }) => paymentId));
          if (settlements.some(({ paymentId }) => paymentId === poison)) throw new Error("poison");
          return settlements.map(settled);
        },
      },
    });
    return { batches, write };
  };

  it("writes one alone at once, and what comes meanwhile together", async () => {
    const { batches, write } = record();
    const results = await Promise.all(ids.map((id) => write(settlement(id))));
    assert.deepEqual(
      results.map((payment) => payment?.paymentId),
      ids,
    );
    assert.deepEqual(batches, [ids.slice(0, 1), ids.slice(1)]);
  });

  it("never has one payment twice in a batch", async () => {
    const { batches, write } = record();
    const [first = "", second = ""] = ids;
    await Promise.all([
      write(settlement(first)),
      write(settlement(second, "FAILED")),
      write(settlement(second)),
      write(settlement(first)),
    ]);
    assert.deepEqual(batches, [[first], [second, first], [second]]);
  });

  it("fails only what can't be written", async () => {
    const [first = "", second = "", third = ""] = ids;
    const { write } = record(second);
    const results = await Promise.allSettled(
      [first, second, third].map((id) => write(settlement(id))),
    );
    assert.deepEqual(
      results.map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled"],
    );
  });
});
