/**
 * What a cancelled booking gives back, by whole hours before departure: the first row whose hours still lie ahead
 * counts. The steps follow what the railway prints on its tickets; the last six hours give nothing back, since the seat can
 * hardly be sold again.
 */
export const refundSteps = [
  { hoursBeforeMin: 48, percent: 100 },
  { hoursBeforeMin: 24, percent: 75 },
  { hoursBeforeMin: 12, percent: 50 },
  { hoursBeforeMin: 6, percent: 25 },
] as const;

const HOUR_MS = 3_600_000;

/**
 * The sum to give back in poisha, rounded down; 0 for none. `undefined` after departure: then a booking can't be
 * cancelled at all.
 */
export const refundAmountOf = (
  amount: number,
  departsAt: Date,
  cancelledAt: Date,
): number | undefined => {
  const aheadMs = departsAt.getTime() - cancelledAt.getTime();
  if (aheadMs <= 0) return undefined;
  const step = refundSteps.find(({ hoursBeforeMin }) => aheadMs >= hoursBeforeMin * HOUR_MS);
  return Math.floor((amount * (step?.percent ?? 0)) / 100);
};
