import { setTimeout as wait } from "node:timers/promises";
import { cpuBetween, readCpu } from "../platform/cpu-time.ts";
import type { Contestant } from "./subjects.ts";

/** What one side did in one round; `cpuMs` a piece of work, by component. */
export type Side = { readonly perSecond: number; readonly cpuMs: ReadonlyMap<string, number> };
export type Pair = readonly [before: Side, after: Side];

/** What a round leaves behind (messages, read models) is done before the other side begins. */
const PAUSE_MS = 1_500;

/**
 * Rounds of one side and the other in turn, the order changing each time, so that a neighbour who is busy for some seconds
 * doesn't always meet the same one.
 */
export const measurePairs = async (
  sides: readonly Contestant[],
  options: { readonly rounds: number; readonly amount: number },
): Promise<readonly Pair[]> => {
  const [before, after] = sides;
  if (!before || !after) throw new Error("two sides are compared");
  const { rounds, amount } = options;
  // Until code is compiled and connections are open.
  for (const side of sides) await measure(side, amount);
  const pairs: Pair[] = [];
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? [before, after] : [after, before];
    const results = new Map<Contestant, Side>();
    for (const side of order) results.set(side, await measure(side, amount));
    const pair = [results.get(before), results.get(after)];
    const [first, second] = pair;
    if (first && second) pairs.push([first, second]);
    process.stderr.write(`  round ${round + 1} of ${rounds}: ${showRound(pairs.at(-1))}\n`);
  }
  return pairs;
};

const measure = async ({ processes, load }: Contestant, amount: number): Promise<Side> => {
  const before = await readCpu(processes);
  const { done, perSecond } = await load(amount);
  // The work's own aftermath (events, tickets) is part of its cost.
  await wait(PAUSE_MS);
  const used = cpuBetween(before, await readCpu(processes));
  return { perSecond, cpuMs: new Map(used.map(([name, ms]) => [name, ms / done])) };
};

const showRound = (pair: Pair | undefined): string =>
  (pair ?? []).map(({ perSecond }) => `${perSecond.toFixed(0)}/s`).join(" and ");
