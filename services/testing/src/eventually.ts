import { keepTrying } from "./keep-trying.ts";

/** Below mocha's own 20 s, so that the reason is told and not only that time ran out. */
const DEADLINE_MS = 15_000;
/** Often enough that a test hardly waits for its next look, too seldom to be a load. */
const EVERY_MS = 25;

/**
 * Awaits a condition: calls `probe` until it neither throws nor answers `false` or `undefined`, and answers what it answered. At the
 * deadline throws its last error.
 */
export const eventually = <T>(
  probe: () => Promise<T | false | undefined> | T | false | undefined,
  deadlineMs: number = DEADLINE_MS,
): Promise<T> =>
  keepTrying(
    async () => {
      const result = await probe();
      if (result !== false && result !== undefined) return result;
      throw new Error("the condition did not come true");
    },
    { deadlineMs, everyMs: EVERY_MS },
  );
