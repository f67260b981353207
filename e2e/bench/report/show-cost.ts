import type { cpuBetween } from "../platform/cpu-time.ts";

/** CPU a booking by component, and what larger rates would take at that cost; the load's own is shown, not counted. */
export const showCost = (cpu: ReturnType<typeof cpuBetween>, bookings: number): string[] => {
  const each = (ms: number): number => ms / Math.max(1, bookings);
  const platform = cpu.filter(([name]) => name !== "load");
  const all = each(platform.reduce((sum, [, ms]) => sum + ms, 0));
  const parts = cpu.map(([name, ms]) => `${name} ${each(ms).toFixed(2)}`);
  const cores = (rate: number): string => ((all * rate) / 1000).toFixed(1);
  return [
    `CPU ms a booking: ${all.toFixed(2)} in all; ${parts.join(", ")}`,
    `at that cost 1,032/s would take ${cores(1_032)} cores and 3,750/s ${cores(3_750)}`,
  ];
};
