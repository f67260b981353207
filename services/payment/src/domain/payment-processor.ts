import type { Dependencies } from "./dependencies.ts";
import type { Payment } from "./payment.ts";
import { LEASE_MS } from "./provider-limits.ts";
import { sendPayment } from "./send-payment.ts";

export type PaymentProcessor = {
  /** Leases what is new and sends it; answers how many, after all of them have ended. */
  readonly runOnce: () => Promise<number>;
  /** To be called when an intent was recorded. */
  readonly wake: () => void;
  /** Leases nothing more and waits for what is under way. */
  readonly stop: () => Promise<void>;
};

/** In flight at the provider a pod: India's record of 441/s over the three pods there are at least, when the provider takes 3 s. */
const CONCURRENCY_MAX = 512;
/** One statement leases so many; more would only make its transaction long. */
const BATCH_MAX = 64;
/** Finds what was recorded by a pod that died before it was sent. */
const POLL_MS = 1_000;

/**
 * Sends new payments: woken by each recorded intent, polling beside that, never more than `CONCURRENCY_MAX` at a time. Any
 * number of pods may run it.
 */
export const startPaymentProcessor = (dependencies: Dependencies): PaymentProcessor => {
  const running = new Set<Promise<void>>();
  let leasing: Promise<number> | undefined;
  let wokenWhileLeasing = false;
  let stopped = false;

  const start = (payment: Payment): void => {
    const run = sendPayment(dependencies, payment)
      // The lease runs out and a sweeper asks the provider: nothing is lost with this error.
      .catch((error: unknown) => report(dependencies, payment, error))
      .finally(() => {
        running.delete(run);
        if (running.size === CONCURRENCY_MAX - 1) wake();
      });
    running.add(run);
  };

  const lease = async (): Promise<number> => {
    const limit = Math.min(BATCH_MAX, CONCURRENCY_MAX - running.size);
    if (limit <= 0) return 0;
    const leased = await dependencies.payments.leaseNew(limit, LEASE_MS);
    for (const payment of leased) start(payment);
    if (leased.length === limit) wokenWhileLeasing = true;
    return leased.length;
  };

  const wake = (): void => {
    wokenWhileLeasing = leasing !== undefined;
    if (stopped || leasing) return;
    leasing = lease().catch((error: unknown) => {
      dependencies.logger.error({ err: error }, "no payments leased");
      return 0;
    });
    void leasing.finally(() => {
      leasing = undefined;
      if (wokenWhileLeasing) wake();
    });
  };

  const timer = setInterval(wake, POLL_MS);
  return {
    runOnce: async () => {
      await leasing;
      const count = await lease();
      await Promise.all(running);
      return count;
    },
    wake,
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await leasing;
      await Promise.all(running);
    },
  };
};

const report = ({ logger }: Dependencies, payment: Payment, error: unknown): void => {
  const { paymentId, requestId } = payment;
  logger.error({ err: error, paymentId, requestId }, "payment was not processed, a sweeper will");
};
