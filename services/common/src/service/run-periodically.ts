import { Counter, Gauge } from "prom-client";
import type { Logger } from "../logging/logger.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { oncePerRegistry } from "../metrics/once-per-registry.ts";
import { restAfter, type BusyShare } from "./rest-after.ts";

export type PeriodicRun = {
  /** Runs now, or once more right after the run that is under way. */
  readonly wake: () => void;
  /** Starts no further run and waits for the one under way. */
  readonly stop: () => Promise<void>;
};

/** So that the pods of a service don't all ask their database in the same millisecond. */
const JITTER = 0.2;

const periodicMetrics = oncePerRegistry((registry) => ({
  runs: new Counter({
    name: "periodic_runs_total",
    help: "Runs of background work by name and outcome: succeeded, failed",
    labelNames: ["name", "outcome"],
    registers: [registry],
  }),
  repairs: new Counter({
    name: "periodic_repairs_total",
    help: "What background work had to put right: its answer, summed up",
    labelNames: ["name"],
    registers: [registry],
  }),
  succeededAt: new Gauge({
    name: "periodic_last_success_timestamp_seconds",
    help: "When background work last ended well; stands still when it hangs or fails",
    labelNames: ["name"],
    registers: [registry],
  }),
}));

/**
 * Runs `run` again and again, never two at a time, with `everyMs` between the end of one and the start of the next. A number that it
 * answers counts as repairs. Errors are logged and counted; the next run comes as usual. `busyShare`: work that grows with the
 * load makes no more of the time than this its own, by resting longer after a long run, `restMaxMs` at most.
 */
export const runPeriodically = (options: {
  readonly name: string;
  readonly everyMs: number;
  readonly run: () => Promise<number | void>;
  readonly busyShare?: BusyShare;
  readonly logger: Logger;
  readonly metrics: Metrics;
}): PeriodicRun => {
  const { name, everyMs, busyShare, logger } = options;
  const { runs, repairs, succeededAt } = periodicMetrics(options.metrics);
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let woken = false;
  let stopped = false;
  repairs.inc({ name }, 0);

  const once = async (): Promise<void> => {
    try {
      const repaired = (await options.run()) ?? 0;
      repairs.inc({ name }, repaired);
      runs.inc({ name, outcome: "succeeded" });
      succeededAt.set({ name }, Date.now() / 1000);
      if (repaired > 0) logger.info({ name, repaired }, "repaired");
    } catch (error) {
      runs.inc({ name, outcome: "failed" });
      logger.error({ err: error, name }, "background work failed");
    }
  };

  const next = (): void => {
    clearTimeout(timer);
    if (stopped || running) return;
    woken = false;
    const startedMs = performance.now();
    running = once().finally(() => {
      running = undefined;
      const rest = restAfter(performance.now() - startedMs, everyMs, busyShare);
      const pause = rest * (1 + JITTER * (Math.random() - 0.5));
      if (woken) next();
      else if (!stopped) timer = setTimeout(next, pause);
    });
  };
  timer = setTimeout(next, everyMs * Math.random() * JITTER);

  return {
    wake: () => {
      woken = true;
      next();
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
};
