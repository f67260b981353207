/** A backlog may swing by what arrives in two seconds. */
const SWING_SECONDS = 2;

/**
 * Whether a backlog, sampled once a second, stayed where it was at `ratePerSecond`: the mean of the last fifth against that of the
 * second one, since the first still fills the pipeline.
 */
export const isFlat = (backlog: readonly number[], ratePerSecond: number): boolean => {
  const fifth = Math.max(1, Math.floor(backlog.length / 5));
  const early = mean(backlog.slice(fifth, 2 * fifth));
  const late = mean(backlog.slice(-fifth));
  return late - early <= ratePerSecond * SWING_SECONDS;
};

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
