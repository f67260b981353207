import { pause, someMs } from "./pause.ts";

/** Does something again and again with a random pause before each time, until the sale is over; answers how often. */
export const again = async (
  signal: AbortSignal,
  [fromMs, toMs]: readonly [number, number],
  once: () => Promise<void>,
): Promise<number> => {
  let times = 0;
  for (;;) {
    await pause(someMs(fromMs, toMs), signal);
    if (signal.aborted) return times;
    await once();
    times += 1;
  }
};
