import { setTimeout as delay } from "node:timers/promises";

const PAUSE_MS = 500;

/**
 * Repeats `probe` until it doesn't throw, and answers what it gave; after the deadline throws its last error with
 * `what` was awaited. For states that a cluster reaches in its own time.
 */
export const eventually = async <T>(
  what: string,
  deadlineMs: number,
  probe: () => Promise<T>,
): Promise<T> => {
  const started = performance.now();
  for (;;) {
    try {
      return await probe();
    } catch (cause) {
      if (performance.now() - started > deadlineMs) {
        throw new Error(`${what}: not within ${deadlineMs / 1000} s (${describe(cause)})`, {
          cause,
        });
      }
    }
    await delay(PAUSE_MS);
  }
};

const describe = (error: unknown): string => (error instanceof Error ? error.message : "?");
