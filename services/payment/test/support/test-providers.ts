import type { PaymentProvider } from "../../src/domain/payment-provider.ts";
import { createSimulatorProvider } from "../../src/providers/simulator/create-simulator-provider.ts";
import { providerKey, webhookSecret, type SimulatorProcess } from "./simulator-process.ts";

/** The real adapter on the real simulator, waiting for a charge as long as told. */
export const simulatorProvider = (
  { url }: SimulatorProcess,
  chargeTimeoutMs: number,
): PaymentProvider =>
  createSimulatorProvider({ baseUrl: url, apiKey: providerKey, webhookSecret, chargeTimeoutMs });

/** Answers questions, but takes no charge: each try ends with a 503. */
export const refusingProvider = (provider: PaymentProvider): PaymentProvider => ({
  ...provider,
  charge: async () => ({ kind: "unknown", cause: "status_503" }),
});

/** The provider's idempotency key taken away: each try is a request of its own. */
export const keylessProvider = (
  simulator: SimulatorProcess,
  chargeTimeoutMs: number,
): PaymentProvider => ({
  ...simulatorProvider(simulator, chargeTimeoutMs),
  charge: async (request) => {
    const called = simulator.call("POST", "/v1/charges", {
      reference: request.paymentId,
      amount: request.amount,
      currency: request.currency,
      method: request.method,
      simulate: request.details?.simulate,
    });
    const answer = await within(called, chargeTimeoutMs);
    if (!answer) return { kind: "unknown", cause: "timeout" };
    const { chargeId } = (await answer.json()) as { chargeId: string };
    const { paymentId, amount, currency } = request;
    return {
      kind: "settled",
      evidence: {
        paymentId,
        outcome: "captured",
        amount,
        currency,
        providerReference: chargeId,
      },
    };
  },
});

const within = async <T>(work: Promise<T>, timeoutMs: number): Promise<T | undefined> => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), timeoutMs);
  const first = await Promise.race([work, promise]);
  clearTimeout(timer);
  return first;
};

/** Shows one payment's lines of the ledger as they look a minute later; other payments are in other tests' databases. */
export const agedLedger = (provider: PaymentProvider, paymentId: string): PaymentProvider => ({
  ...provider,
  listLedger: async (after) => {
    const lines = (await provider.listLedger?.(after)) ?? [];
    return lines
      .filter((line) => line.reference === paymentId)
      .map((line) => ({ ...line, at: new Date(line.at.getTime() - 60_000) }));
  },
});
