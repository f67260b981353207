import { setTimeout as wait } from "node:timers/promises";

/** Repeats `work` until it doesn't throw, and answers what it gave. At the deadline throws its last error. */
export const keepTrying = async <T>(
  work: () => Promise<T>,
  { deadlineMs, everyMs }: { readonly deadlineMs: number; readonly everyMs: number },
): Promise<T> => {
  const endsAt = performance.now() + deadlineMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() >= endsAt) throw error;
    }
    await wait(everyMs);
  }
};
