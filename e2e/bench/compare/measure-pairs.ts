import { setTimeout as wait } from "node:timers/promises";
import { fixedWork } from "../load/fixed-work.ts";
import { cpuBetween, readCpu } from "../platform/cpu-time.ts";
import type { Contestant } from "./subjects.ts";

/** What one side did in one round; `cpuMs` a piece of work, by component. */
export type Side = { readonly perSecond: number; readonly cpuMs: ReadonlyMap<string, number> };
export type Pair = readonly [before: Side, after: Side];

/** What a round leaves behind (messages, read models) is done before the other side begins. */
const PAUSE_MS = 1_500;

/**
 * Rounds of one side and the other in turn, the order changing each time, so that a neighbour who is busy for some seconds
 * doesn't always meet the same one. A round is an amount of work and not a time: the side that gets less of the machine
 * would otherwise pay for its background work with fewer pieces.
 */
export const measurePairs = async (
  sides: readonly Contestant[],
  options: { readonly rounds: number; readonly count: number },
): Promise<readonly Pair[]> => {
  const [before, after] = sides;
  if (!before || !after) throw new Error("two sides are compared");
  const { rounds, count } = options;
  // Until code is compiled and connections are open.
  for (const side of sides) await measure(side, count);
  const pairs: Pair[] = [];
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? [before, after] : [after, before];
    const results = new Map<Contestant, Side>();
    for (const side of order) results.set(side, await measure(side, count));
    const pair = [results.get(before), results.get(after)];
    const [first, second] = pair;
    if (first && second) pairs.push([first, second]);
    process.stderr.write(`  round ${round + 1} of ${rounds}: ${showRound(pairs.at(-1))}\n`);
  }
  return pairs;
};

const measure = async ({ processes, inFlight, work }: Contestant, count: number): Promise<Side> => {
  const before = await readCpu(processes);
  const { perSecond } = await fixedWork({ inFlight, count, work });
  // The work's own aftermath (events, tickets) is part of its cost.
  await wait(PAUSE_MS);
  const used = cpuBetween(before, await readCpu(processes));
  return { perSecond, cpuMs: new Map(used.map(([name, ms]) => [name, ms / count])) };
};

const showRound = (pair: Pair | undefined): string =>
  (pair ?? []).map(({ perSecond }) => `${perSecond.toFixed(0)}/s`).join(" and ");
