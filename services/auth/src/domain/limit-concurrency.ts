import { Problem } from "@jatra/common/http/problem.ts";

/** Runs work of one kind, at most so many at a time. */
export type ConcurrencyLimit = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * At most `running` at once and `waiting` in line, first come first served. Throws `rate_limited` with Retry-After
 * when the line is full: a login that would wait for many seconds only keeps memory and a connection.
 */
export const limitConcurrency = (limits: {
  readonly running: number;
  readonly waiting: number;
}): ConcurrencyLimit => {
  let running = 0;
  const line: (() => void)[] = [];
  const enter = async (): Promise<void> => {
    if (running < limits.running) {
      running += 1;
      return;
    }
    if (line.length >= limits.waiting) {
      // 429 by RFC 6585, which lets a server count over all its clients. A 503 would be this service's failure to the gateway's circuit:
      // five of a crowd beyond the line, or of somebody who guesses passwords, and nobody could sign in, refresh or log out for a while.
      throw new Problem("rate_limited", {
        detail: "Too many people are signing in just now.",
        headers: { "Retry-After": "2" },
      });
    }
    // The one that leaves hands its place on, so `running` doesn't change.
    await new Promise<void>((resolve) => line.push(resolve));
  };
  const leave = (): void => {
    const next = line.shift();
    if (next) next();
    else running -= 1;
  };
  return async (work) => {
    await enter();
    try {
      return await work();
    } finally {
      leave();
    }
  };
};
