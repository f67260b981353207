import { setTimeout as wait } from "node:timers/promises";

/** Below mocha's own 20 s, so that the reason is told and not only that time ran out. */
const DEADLINE_MS = 15_000;
const EVERY_MS = 25;

/**
 * Awaits a condition: calls `probe` until it neither throws nor answers `false` or `undefined`, and answers what it answered. At the
 * deadline throws its last error.
 */
export const eventually = async <T>(
  probe: () => Promise<T | false | undefined> | T | false | undefined,
  deadlineMs: number = DEADLINE_MS,
): Promise<T> => {
  const endsAt = Date.now() + deadlineMs;
  for (;;) {
    let last: unknown = new Error("the condition did not come true");
    try {
      const result = await probe();
      if (result !== false && result !== undefined) return result;
    } catch (error) {
      last = error;
    }
    if (Date.now() >= endsAt) throw last;
    await wait(EVERY_MS);
  }
};
