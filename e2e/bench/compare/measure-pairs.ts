import { setTimeout as wait } from "node:timers/promises";
import { closedLoop } from "../load/closed-loop.ts";
import { cpuBetween, readCpu } from "../platform/cpu-time.ts";
import type { Contestant } from "./subjects.ts";

/** What one side did in one round; `cpuMs` a piece of work, by component. */
export type Side = { readonly perSecond: number; readonly cpuMs: ReadonlyMap<string, number> };
export type Pair = readonly [before: Side, after: Side];

/** Until code is compiled and connections are open. */
const WARM_UP_MS = 4_000;
/** What a round leaves behind (messages, read models) is done before the other side begins. */
const PAUSE_MS = 1_500;

/**
 * Rounds of one side and the other in turn, the order changing each time, so that a neighbour who is busy for some seconds
 * doesn't always meet the same one.
 */
export const measurePairs = async (
  sides: readonly Contestant[],
  options: { readonly rounds: number; readonly durationMs: number },
): Promise<readonly Pair[]> => {
  const [before, after] = sides;
  if (!before || !after) throw new Error("two sides are compared");
  for (const side of sides) await measure(side, WARM_UP_MS);
  const pairs: Pair[] = [];
  for (let round = 0; round < options.rounds; round++) {
    if (round % 2 === 0) {
      pairs.push([
        await measure(before, options.durationMs),
        await measure(after, options.durationMs),
      ]);
    } else {
      const second = await measure(after, options.durationMs);
      pairs.push([await measure(before, options.durationMs), second]);
    }
    process.stderr.write(`  round ${round + 1} of ${options.rounds}: ${showRound(pairs.at(-1))}\n`);
  }
  return pairs;
};

const measure = async (side: Contestant, durationMs: number): Promise<Side> => {
  const before = await readCpu(side.processes);
  const { inFlight, work } = side;
  let done = 0;
  const counted = async (index: number): Promise<void> => {
    await work(index);
    done += 1;
  };
  const { perSecond } = await closedLoop({ inFlight, durationMs, warmUpMs: 0, work: counted });
  // The work's own aftermath (events, tickets) is part of its cost.
  await wait(PAUSE_MS);
  const used = cpuBetween(before, await readCpu(side.processes));
  const cpuMs = new Map(used.map(([name, ms]) => [name, ms / Math.max(1, done)]));
  return { perSecond, cpuMs };
};

const showRound = (pair: Pair | undefined): string =>
  (pair ?? []).map(({ perSecond }) => `${perSecond.toFixed(0)}/s`).join(" and ");
