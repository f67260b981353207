/** A figure at a time, in milliseconds of any clock. */
export type Sample = { readonly atMs: number; readonly value: number };

/** How fast a figure grows, by least squares: units a second. NaN of fewer than two samples. */
export const slopePerSecond = (samples: readonly Sample[]): number => {
  const meanMs = mean(samples.map(({ atMs }) => atMs));
  const meanValue = mean(samples.map(({ value }) => value));
  let together = 0;
  let spread = 0;
  for (const { atMs, value } of samples) {
    together += (atMs - meanMs) * (value - meanValue);
    spread += (atMs - meanMs) ** 2;
  }
  return (together / spread) * 1_000;
};

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
