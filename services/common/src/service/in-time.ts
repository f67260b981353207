/**
 * What `work` gives; throws what `late` makes once `limitMs` are over, and `work`, which can't be stopped, goes on unheard.
 * The timer ends with the work, while those of `AbortSignal.timeout` live on, thousands at a time under load.
 */
export const inTime = async <T>(
  work: Promise<T>,
  limitMs: number,
  late: () => Error,
): Promise<T> => {
  const { promise: over, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late()), limitMs);
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
};
