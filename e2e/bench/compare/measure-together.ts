import { median } from "../load/latencies.ts";
import type { Contestant } from "./subjects.ts";

/** What one side did in one round; CPU time of its own processes, a piece of work. */
type Side = { readonly perSecond: number; readonly cpuMicros: number };
const MICROS_PER_MS = 1_000;

/**
 * All sides under load at the same time, so that whatever else the machine does meets them alike: on a busy one that holds where turns
 * don't. Each gets its share of the machine, so only ratios and CPU times mean something. A round answers for each side.
 */
export const measureTogether = async (
  sides: readonly Contestant[],
  options: { readonly rounds: number; readonly amount: number },
): Promise<readonly (readonly Side[])[]> => {
  const { rounds, amount } = options;
  const measureAll = () => Promise.all(sides.map((side) => measure(side, amount)));
  // Until code is compiled and connections are open.
  await measureAll();
  const results: (readonly Side[])[] = [];
  for (let round = 0; round < rounds; round++) {
    const each = await measureAll();
    results.push(each);
    const shown = each.map(({ cpuMicros }) => cpuMicros.toFixed(1)).join(", ");
    process.stderr.write(`  round ${round + 1} of ${rounds}: ${shown} µs\n`);
  }
  return results;
};

const measure = async ({ processes, load }: Contestant, amount: number): Promise<Side> => {
  const cpuMs = (): number => processes.reduce((sum, one) => sum + one.cpuMs(), 0);
  const beforeMs = cpuMs();
  const { done, perSecond } = await load(amount);
  return { perSecond, cpuMicros: ((cpuMs() - beforeMs) * MICROS_PER_MS) / done };
};

/** A line a side: medians, and the medians of each round's ratio to the first side and to the one before. */
export const printTogether = (
  unit: string,
  names: readonly string[],
  rounds: readonly (readonly Side[])[],
): string => {
  const of = (index: number, what: (side: Side) => number): readonly number[] =>
    rounds.flatMap((round) => {
      const side = round[index];
      return side ? [what(side)] : [];
    });
  const ratio = (index: number, to: number): string => {
    const others = of(to, ({ cpuMicros }) => cpuMicros);
    const own = of(index, ({ cpuMicros }) => cpuMicros);
    return median(own.map((micros, round) => micros / (others[round] ?? Number.NaN))).toFixed(3);
  };
  return [
    `| | ${unit}s/s | CPU µs a ${unit} | to the first | to the one before |`,
    "|---|---|---|---|---|",
    ...names.map((name, index) => {
      const rate = median(of(index, ({ perSecond }) => perSecond)).toFixed(0);
      const cpu = median(of(index, ({ cpuMicros }) => cpuMicros)).toFixed(1);
      return `| ${name} | ${rate} | ${cpu} | ${ratio(index, 0)} | ${ratio(index, Math.max(0, index - 1))} |`;
    }),
  ].join("\n");
};
