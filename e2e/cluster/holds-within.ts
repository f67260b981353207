import { setTimeout as delay } from "node:timers/promises";

/** Asks every `everyMs` until `check` answers true; false where it hasn't by the end of `timeoutMs`. */
export async function holdsWithin(
  timeoutMs: number,
  everyMs: number,
  check: () => Promise<boolean>,
): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (!(await check())) {
    if (Date.now() > deadline) return false;
    await delay(everyMs);
  }
  return true;
}
