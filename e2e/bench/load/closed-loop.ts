import { summarize, type Latencies } from "./latencies.ts";

export type LoopResult = {
  readonly done: number;
  readonly perSecond: number;
  readonly latencies: Latencies;
};

/**
 * `inFlight` workers that each begin the next piece of work when the last one is done, for `durationMs` after a warm-up.
 * What ended in the warm-up, or is under way at the end, is not counted; all of it is waited for. An error ends the measurement.
 */
export const closedLoop = async (options: {
  readonly inFlight: number;
  readonly durationMs: number;
  /** Connections are opened and code is compiled in it. */
  readonly warmUpMs: number;
  readonly work: (index: number) => Promise<unknown>;
}): Promise<LoopResult> => {
  const startedMs = performance.now() + options.warmUpMs;
  const endsMs = startedMs + options.durationMs;
  const times: number[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() < endsMs) {
      const beganMs = performance.now();
      await options.work(next++);
      const endedMs = performance.now();
      if (endedMs >= startedMs && endedMs <= endsMs) times.push(endedMs - beganMs);
    }
  };
  await Promise.all(Array.from({ length: options.inFlight }, worker));
  return {
    done: times.length,
    perSecond: times.length / (options.durationMs / 1000),
    latencies: summarize(times),
  };
};
