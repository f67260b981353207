import type { CrashPoint } from "./crash-point.ts";

/**
 * Where one crash point is lain in wait for. A tap that meets it takes it, so that no other connection does, holds its own connection,
 * and springs once the effect is there (or, before it, at once).
 */
export type Trap = {
  /** The point, as long as nobody has met it. */
  readonly armed: () => CrashPoint | undefined;
  readonly take: () => void;
  readonly spring: () => void;
  /** Resolves with true once the point was met and held, with false when `signal` ended the wait before. */
  readonly wait: (point: CrashPoint, signal: AbortSignal) => Promise<boolean>;
};

/** What was met is held within that; the slowest is a transaction that waits for a lock. */
const HELD_WITHIN_MS = 10_000;

export const createTrap = (): Trap => {
  let armed: CrashPoint | undefined;
  let taken = false;
  let sprung = Promise.withResolvers<true>();
  return {
    armed: () => armed,
    take: () => {
      armed = undefined;
      taken = true;
    },
    spring: () => sprung.resolve(true),
    wait: async (point, signal) => {
      sprung = Promise.withResolvers<true>();
      taken = false;
      armed = point;
      const met = await Promise.race([sprung.promise, aborted(signal)]);
      armed = undefined;
      // A connection that is held already has to have its end, whether or not the sale is over.
      return met || (taken && (await Promise.race([sprung.promise, after(HELD_WITHIN_MS)])));
    },
  };
};

const aborted = (signal: AbortSignal): Promise<false> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(false);
    signal.addEventListener("abort", () => resolve(false), { once: true });
  });

const after = (ms: number): Promise<false> =>
  new Promise((resolve) => {
    setTimeout(() => resolve(false), ms);
  });
