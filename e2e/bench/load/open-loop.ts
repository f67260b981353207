import { setImmediate as turn, setTimeout as wait } from "node:timers/promises";
import { summarize, type Latencies } from "./latencies.ts";

export type OpenLoopResult = {
  readonly begun: number;
  readonly done: number;
  readonly failed: number;
  readonly firstFailure: string | undefined;
  /** From the moment at which the work was due, so that a late start counts too. */
  readonly latencies: Latencies;
};

/**
 * Begins work at `ratePerSecond` for `durationMs` however slowly it gets done, as buyers come: independently of each
 * other, with gaps of an exponential distribution. Waits for all of it. `onSecond` is called about once a second.
 */
export const openLoop = async (options: {
  readonly ratePerSecond: number;
  readonly durationMs: number;
  readonly work: (index: number) => Promise<unknown>;
  readonly onSecond?: () => Promise<void>;
}): Promise<OpenLoopResult> => {
  const { ratePerSecond, durationMs } = options;
  const startedMs = performance.now();
  const running: Promise<void>[] = [];
  const times: number[] = [];
  let failed = 0;
  let firstFailure: string | undefined;
  const begin = async (index: number, dueMs: number): Promise<void> => {
    try {
      await options.work(index);
      times.push(performance.now() - dueMs);
    } catch (error) {
      failed++;
      firstFailure ??= String(error);
    }
  };
  const ticks = everySecond(options.onSecond);
  for (let dueMs = startedMs; dueMs < startedMs + durationMs;) {
    const ahead = dueMs - performance.now();
    // Who is late begins one a turn: answers that have come are read in between, or the generator would be measured.
    await (ahead >= 1 ? wait(ahead) : turn());
    running.push(begin(running.length, dueMs));
    dueMs += (-Math.log(1 - Math.random()) / ratePerSecond) * 1000;
  }
  await ticks.stop();
  await Promise.all(running);
  const latencies = summarize(times);
  return { begun: running.length, done: times.length, failed, firstFailure, latencies };
};

const everySecond = (onSecond: (() => Promise<void>) | undefined) => {
  let last = Promise.resolve();
  const timer = setInterval(() => {
    last = last.then(() => onSecond?.());
  }, 1_000);
  return {
    stop: async (): Promise<void> => {
      clearInterval(timer);
      await last;
    },
  };
};
