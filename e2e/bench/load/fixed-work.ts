/** `count` pieces of work, `inFlight` at a time. An error ends it. */
export const fixedWork = async (options: {
  readonly inFlight: number;
  readonly count: number;
  readonly work: (index: number) => Promise<unknown>;
}): Promise<{ readonly perSecond: number }> => {
  const startedMs = performance.now();
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < options.count) await options.work(next++);
  };
  await Promise.all(Array.from({ length: options.inFlight }, worker));
  return { perSecond: options.count / ((performance.now() - startedMs) / 1000) };
};
