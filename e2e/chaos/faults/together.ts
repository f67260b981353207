import type { Fault } from "./fault.ts";

/** Several faults in one sale, each at its own pace. */
export const together = (name: string, faults: readonly Fault[]): Fault => ({
  name,
  inject: async (platform, signal) => {
    const counts = await Promise.all(faults.map((fault) => fault.inject(platform, signal)));
    return counts.reduce((sum, count) => sum + count, 0);
  },
});
