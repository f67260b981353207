/** So many requests within a time that slides. */
export type Quota = { readonly limit: number; readonly windowMs: number };

/** Count of two neighbouring windows, from which the sliding one is estimated. */
export type WindowCount = {
  /** Number of the window since the epoch. */
  window: number;
  current: number;
  previous: number;
};

export type Standing = {
  readonly remaining: number;
  /** Milliseconds until one more would be granted; 0 when it would be now. */
  readonly retryMs: number;
};

export const emptyWindow = (): WindowCount => ({ window: 0, current: 0, previous: 0 });

/**
 * Takes one request out of every window, or out of none if one of them has nothing left: who is refused by one limit doesn't
 * use up the others.
 *
 * Sliding-window counter: the last window's count is weighted by how much of it is still in the sliding one. Exact at the borders and
 * never more than `limit` in an even stream, with two numbers a client; a list of times would need `limit` of them and a bucket lets
 * twice the limit through at first. limit/rate-limit.lua is the same in Redis; a test holds the two equal.
 */
export const takeTogether = (
  windows: readonly { readonly count: WindowCount; readonly quota: Quota }[],
  nowMs: number,
): { readonly allowed: boolean; readonly standings: readonly Standing[] } => {
  const allowed = windows.every(({ count, quota }) => freeIn(count, quota, nowMs) >= 1);
  const standings = windows.map(({ count, quota }) => {
    if (allowed) count.current += 1;
    const remaining = freeIn(count, quota, nowMs);
    return { remaining, retryMs: remaining > 0 ? 0 : retryMs(count, quota, nowMs) };
  });
  return { allowed, standings };
};

const freeIn = (count: WindowCount, { limit, windowMs }: Quota, nowMs: number): number => {
  advance(count, Math.floor(nowMs / windowMs));
  const left = (count.previous * (windowMs - (nowMs % windowMs))) / windowMs;
  return Math.max(0, Math.floor(limit - count.current - left));
};

const advance = (count: WindowCount, window: number): void => {
  if (count.window === window) return;
  count.previous = count.window === window - 1 ? count.current : 0;
  count.current = 0;
  count.window = window;
};

/** When the previous window's weight (or, in the next window, this one's) has shrunk enough for one more. */
const retryMs = (count: WindowCount, { limit, windowMs }: Quota, nowMs: number): number => {
  const elapsedMs = nowMs % windowMs;
  const inThis = limit - 1 - count.current;
  if (inThis >= 0 && count.previous > 0) {
    const at = Math.ceil(windowMs - (inThis * windowMs) / count.previous);
    if (at < windowMs) return Math.max(1, at - elapsedMs);
  }
  const inNext = count.current === 0 ? 0 : windowMs - ((limit - 1) * windowMs) / count.current;
  return windowMs - elapsedMs + Math.max(0, Math.ceil(inNext));
};
