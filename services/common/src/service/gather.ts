/** However often it is called: runs `work` once, `afterMs` after the first call. */
export const gather = (afterMs: number, work: () => void): (() => void) => {
  let timer: NodeJS.Timeout | undefined;
  return () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      work();
    }, afterMs).unref();
  };
};
