/**
 * Milliseconds to wait after the given number of failures in a row: doubles from `firstMs` up to
 * `maxMs`, with a quarter of jitter so that many don't come back in the same instant.
 */
export function backoffMs(
  failures: number,
  firstMs: number,
  maxMs: number,
  random: () => number = Math.random,
): number {
  // 2^30 is beyond every cap; larger exponents would overflow to Infinity.
  const exponent = Math.min(30, Math.max(0, failures - 1));
  return Math.min(maxMs, firstMs * 2 ** exponent) * (0.75 + random() / 4);
}
