/** Count of two neighbouring windows of one second, from which the sliding one is estimated. */
export type WindowCount = {
  /** Number of the second since the epoch. */
  second: number;
  current: number;
  previous: number;
};

export type Grant = {
  /** How many of the asked ones are granted. */
  readonly granted: number;
  readonly remaining: number;
  /** Milliseconds until one more would be granted; 0 when it would be now. */
  readonly retryMs: number;
};

/**
 * Sliding-window counter: the last second's count is weighted by how much of it is still in the window. Exact at the borders and
 * never more than `limit` in an even stream, with two numbers an address; a list of times would need 1,000 and a bucket lets
 * twice the limit through at first. limit/rate-limit.lua is the same in Redis; a test holds the two equal.
 */
export const takeFromWindow = (
  count: WindowCount,
  limit: number,
  asked: number,
  nowMs: number,
): Grant => {
  advance(count, Math.floor(nowMs / 1000));
  const elapsedMs = nowMs % 1000;
  const free = Math.floor(limit - count.current - (count.previous * (1000 - elapsedMs)) / 1000);
  const granted = Math.max(0, Math.min(asked, free));
  count.current += granted;
  const remaining = Math.max(0, free - granted);
  return { granted, remaining, retryMs: remaining > 0 ? 0 : retryMs(count, limit, elapsedMs) };
};

const advance = (count: WindowCount, second: number): void => {
  if (count.second === second) return;
  count.previous = count.second === second - 1 ? count.current : 0;
  count.current = 0;
  count.second = second;
};

/** When the previous second's weight (or, in the next second, this one's) has shrunk enough for one more. */
const retryMs = (count: WindowCount, limit: number, elapsedMs: number): number => {
  const inThis = limit - 1 - count.current;
  if (inThis >= 0 && count.previous > 0) {
    const at = Math.ceil(1000 - (inThis * 1000) / count.previous);
    if (at < 1000) return Math.max(1, at - elapsedMs);
  }
  const at = count.current === 0 ? 0 : Math.ceil(1000 - ((limit - 1) * 1000) / count.current);
  return 1000 - elapsedMs + Math.max(0, at);
};
