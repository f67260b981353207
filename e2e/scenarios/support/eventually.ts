import { keepTrying } from "@jatra/testing/keep-trying.ts";

/** A look is a `kubectl`, which costs as much as what it looks at. */
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
  try {
    return await keepTrying(probe, { deadlineMs, everyMs: PAUSE_MS });
  } catch (cause) {
    const seconds = deadlineMs / 1000;
    throw new Error(`${what}: not within ${seconds} s (${describe(cause)})`, { cause });
  }
};

const describe = (error: unknown): string => (error instanceof Error ? error.message : "?");
