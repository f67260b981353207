import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { PaymentDetails } from "@jatra/contracts/messages/payment-process.ts";
import type { Dependencies } from "../../src/domain/dependencies.ts";
import type { Payment } from "../../src/domain/payment.ts";
import { newIntent } from "./payment-world.ts";
import type { SimulatorProcess } from "./simulator-process.ts";

/** As long as the service's own. */
export const LEASE_MS = 15_000;
/** Longer than leases and any request in flight. */
export const LONG_SECONDS = 60;

export type PaymentSteps = {
  /** Records an intent, as a PUT does. */
  readonly record: (
    simulate?: PaymentDetails["simulate"],
    deadlineAt?: string,
  ) => Promise<{ paymentId: string; bookingId: string }>;
  /** NEW → SENT, committed: from here on a process may die at any moment. */
  readonly leaseOne: () => Promise<Payment>;
  readonly stateOf: (paymentId: string) => Promise<string | undefined>;
};

export const paymentSteps = ({ payments }: Dependencies): PaymentSteps => ({
  record: async (simulate, deadlineAt) => {
    const paymentId = randomUUID();
    const intent = newIntent(simulate, deadlineAt === undefined ? {} : { deadlineAt });
    await payments.insertIntent(paymentId, intent, "request-1");
    return { paymentId, bookingId: intent.bookingId };
  },
  leaseOne: async () => {
    const [payment] = await payments.leaseNew(1, LEASE_MS);
    assert.ok(payment);
    return payment;
  },
  stateOf: async (paymentId) => (await payments.find(paymentId))?.state,
});

/** Statuses of a payment's charges in the provider's books. */
export const chargesOf = async (
  simulator: SimulatorProcess,
  paymentId: string,
): Promise<string[]> => {
  const lines = await simulator.ledger();
  return lines
    .filter((line) => line.kind === "charge" && line.reference === paymentId)
    .map((line) => line.status);
};
