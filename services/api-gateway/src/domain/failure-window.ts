/** Failures within a sliding window of time. */
export type FailureWindow = {
  /** Adds one and tells whether the threshold is reached. */
  readonly add: (nowMs: number) => boolean;
  readonly count: (nowMs: number) => number;
  readonly clear: () => void;
};

/**
 * Remembers the last `threshold` failures only: when the oldest of them is still in the window, the threshold is reached,
 * and older ones can't change that. A failure counts while it is younger than `windowMs`.
 */
export const createFailureWindow = (threshold: number, windowMs: number): FailureWindow => {
  let failedAtMs: number[] = [];
  const count = (nowMs: number): number => failedAtMs.filter((at) => nowMs - at < windowMs).length;
  return {
    add: (nowMs) => {
      failedAtMs.push(nowMs);
      if (failedAtMs.length > threshold) failedAtMs.shift();
      return count(nowMs) >= threshold;
    },
    count,
    clear: () => {
      failedAtMs = [];
    },
  };
};
