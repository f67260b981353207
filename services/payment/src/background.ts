import type { Metrics } from "@jatra/common/metrics/metrics.ts";
import { runPeriodically } from "@jatra/common/service/run-periodically.ts";
import type { Dependencies } from "./domain/dependencies.ts";
import type { LedgerStore } from "./domain/ledger-store.ts";
import { startPaymentProcessor } from "./domain/payment-processor.ts";
import { processRefunds } from "./domain/process-refunds.ts";
import { reconcileLedger } from "./domain/reconcile-ledger.ts";
import { sweepDeadlines, sweepPayments } from "./domain/sweep-payments.ts";

export type Background = {
  readonly wakeProcessor: () => void;
  readonly wakeRefunds: () => void;
  /** Starts nothing more and waits for what is under way. */
  readonly stop: () => Promise<void>;
};

/** Below the first retry pause's double: a 5xx of the provider costs a payer some seconds, not ten. */
const SWEEP_EVERY_MS = 2_000;
/** Refunds are woken by their request; this finds the ones of a pod that died. */
const REFUNDS_EVERY_MS = 2_000;
/** A capture that all other ways missed is settled within the 60 s of I3: 10 s to ripen, 10 s to be found. */
const RECONCILE_EVERY_MS = 10_000;

/** All that payment-service does without being asked. */
export const startBackground = (
  dependencies: Dependencies,
  ledger: LedgerStore,
  metrics: Metrics,
): Background => {
  const processor = startPaymentProcessor(dependencies);
  const { logger } = dependencies;
  const every = (name: string, everyMs: number, run: () => Promise<number | void>) =>
    runPeriodically({ name, everyMs, run, logger, metrics });
  const refunds = every(
    "refunds",
    REFUNDS_EVERY_MS,
    async () => void (await processRefunds(dependencies)),
  );
  const sweeps = [
    every("stuck-payments", SWEEP_EVERY_MS, () => sweepPayments(dependencies)),
    every("payment-deadlines", SWEEP_EVERY_MS, () => sweepDeadlines(dependencies)),
    every("provider-ledger", RECONCILE_EVERY_MS, () => reconcileLedger(dependencies, ledger)),
  ];
  return {
    wakeProcessor: processor.wake,
    wakeRefunds: refunds.wake,
    stop: async () => {
      await Promise.all([processor.stop(), refunds.stop(), ...sweeps.map((sweep) => sweep.stop())]);
    },
  };
};
