import { setTimeout as delay } from "node:timers/promises";

/** Waits, or less where the sale ends before. */
export const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  await delay(ms, undefined, { signal }).catch(() => undefined);
};

/** From `from` to `to` milliseconds, so that a fault meets other moments each time. */
export const someMs = (from: number, to: number): number => from + Math.random() * (to - from);
