/**
 * How long to wait before try number `attempt` (from 1), in ms: doubling from `firstMs` up to `maxMs`, with the upper half random so
 * that pods that fell together don't come back together.
 */
export const backoffMs = (
  attempt: number,
  limits: { readonly firstMs: number; readonly maxMs: number },
  random: () => number = Math.random,
): number => {
  const ceiling = Math.min(limits.maxMs, limits.firstMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
};
