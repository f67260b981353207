import { median } from "../load/latencies.ts";
import type { Pair, Side } from "./measure-pairs.ts";

/** A table of medians: rate, CPU time in all and by component, and the median of each round's own ratio. */
export const printPairs = (
  unit: string,
  names: readonly [before: string, after: string],
  pairs: readonly Pair[],
): string => {
  const line = (what: string, of: (side: Side) => number): string => {
    const before = median(pairs.map((pair) => of(pair[0])));
    const after = median(pairs.map((pair) => of(pair[1])));
    const ratio = median(pairs.map((pair) => of(pair[1]) / of(pair[0])));
    return `| ${what} | ${show(before)} | ${show(after)} | ${ratio.toFixed(2)} |`;
  };
  return [
    `| | ${names[0]} | ${names[1]} | ratio |`,
    "|---|---|---|---|",
    line(`${unit}s/s`, ({ perSecond }) => perSecond),
    line(`CPU ms a ${unit}`, allCpu),
    ...componentsOf(pairs).map((name) => line(name, ({ cpuMs }) => cpuMs.get(name) ?? 0)),
  ].join("\n");
};

export const allCpu = ({ cpuMs }: Side): number =>
  [...cpuMs.values()].reduce((sum, ms) => sum + ms, 0);

/** Those that use a hundredth of the time or more, the most expensive first. */
const componentsOf = (pairs: readonly Pair[]): readonly string[] => {
  const [first] = pairs;
  if (!first) return [];
  const [before] = first;
  return [...before.cpuMs]
    .filter(([, ms]) => ms > allCpu(before) / 100)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name]) => name);
};

const show = (value: number): string => {
  if (value >= 100) return value.toFixed(0);
  return value.toFixed(value >= 1 ? 3 : 4);
};
