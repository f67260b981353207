import { setTimeout as wait } from "node:timers/promises";
import { isOutage } from "../errors/is-outage.ts";
import { backoffMs } from "./backoff.ts";

/** `handled`; `failed`: no try helped; `stopped`: the process ends, another one shall have the message. */
export type Outcome =
  | { readonly kind: "handled" }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "stopped" };

type RetryLimits = {
  readonly attemptsMax: number;
  readonly backoff: { readonly firstMs: number; readonly maxMs: number };
  readonly outagePatienceMs: number;
  readonly outageBackoff: { readonly firstMs: number; readonly maxMs: number };
};

const retryLimits: RetryLimits = {
  // Deadlocks and serialisation failures go away at the second try; what fails four times is a bug.
  attemptsMax: 4,
  backoff: { firstMs: 100, maxMs: 2_000 },
  // A store that restarts must not empty whole queues into the dead letters. Below RabbitMQ's 30 minutes
  // for an acknowledgement, after which it would close the channel.
  outagePatienceMs: 10 * 60_000,
  outageBackoff: { firstMs: 250, maxMs: 5_000 },
};

/**
 * Calls `handle` until it succeeds or its tries are used up, waiting in between: a `nack` with requeue would come back at once, a hot
 * loop. Outages of a store or a service are waited out by time instead of by count. `stop` ends the waiting, never a running try.
 */
export const handleWithRetries = async (options: {
  readonly handle: () => Promise<void>;
  readonly onRetry: (error: unknown, attempt: number) => void;
  readonly stop: AbortSignal;
  readonly limits?: RetryLimits;
  readonly now?: () => number;
}): Promise<Outcome> => {
  const { handle, onRetry, stop, limits = retryLimits, now = Date.now } = options;
  const startedAt = now();
  let faults = 0;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await handle();
      return { kind: "handled" };
    } catch (error) {
      const outage = isOutage(error);
      if (!outage) faults += 1;
      const givenUp = outage
        ? now() - startedAt >= limits.outagePatienceMs
        : faults >= limits.attemptsMax;
      if (givenUp) return { kind: "failed", error };
      onRetry(error, attempt);
      const pause = outage
        ? backoffMs(attempt, limits.outageBackoff)
        : backoffMs(faults, limits.backoff);
      if (!(await waited(pause, stop))) return { kind: "stopped" };
    }
  }
};

const waited = async (ms: number, signal: AbortSignal): Promise<boolean> => {
  if (signal.aborted) return false;
  try {
    await wait(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
};
