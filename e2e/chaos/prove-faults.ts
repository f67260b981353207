import { Failure } from "../cluster/failure.ts";
import { phase, say } from "../cluster/progress.ts";
import { findJourneys, type JourneySeats } from "./client/journey-seats.ts";
import { allFaults } from "./faults/all-faults.ts";
import type { Fault } from "./faults/fault.ts";
import { runFault, type FaultResult } from "./faults/run-fault.ts";
import { startSalePlatform, type SalePlatform } from "./platform/sale-platform.ts";
import { formatReport } from "./format-table.ts";
import { isChosen } from "./is-chosen.ts";

/** What `prove` was asked for, beside the part. */
export type ProveSettings = {
  only: string;
  runs: number;
  buyers: number;
  atOnce: number;
  atLeastMs: number;
  lastsMs: number;
};
type Stage = { readonly platform: SalePlatform; readonly journeys: JourneySeats[] };

/** Runs each fault, prints the table; true where nothing was lost. */
export const proveFaults = async (settings: ProveSettings): Promise<boolean> => {
  const faults = allFaults.filter(({ name }) => isChosen(name, settings.only));
  if (faults.length === 0) throw new Failure(`No fault has «${settings.only}» in its name.`);
  const results: FaultResult[] = [];
  let stage: Stage | undefined;
  const stop = performance.now() + settings.lastsMs;
  try {
    for (const fault of faults) {
      if (performance.now() > stop) {
        say(`      not begun: ${fault.name}`);
        continue;
      }
      for (let run = 0; run < settings.runs; run += 1) {
        stage ??= await openStage();
        const result = await runOne(stage, fault, settings);
        results.push(result);
        for (const loss of result.lost) say(`      ${loss}`);
        if (result.lost.length > 0) say(`      logs: ${stage.platform.logFolder}`);
        // What was lost stays in its databases: the next fault gets clean ones. And trains of its own to sell.
        if (result.lost.length > 0 || stage.journeys.length === 0) {
          await stage.platform.stop();
          stage = undefined;
        }
      }
    }
  } finally {
    // Also what was seen until a run broke off.
    if (results.length > 0) console.log(`\n${report(results)}`);
    await stage?.platform.stop();
  }
  return results.every(({ lost }) => lost.length === 0);
};

/** The sample railway has more, ten days of each train: a run of all faults takes some sixty, and begins anew when they are sold. */
const JOURNEYS_MIN = 20;

const openStage = (): Promise<Stage> =>
  phase("services start", async (note) => {
    const platform = await startSalePlatform();
    note(`logs in ${platform.logFolder}`);
    return { platform, journeys: await findJourneys(platform, JOURNEYS_MIN) };
  });

const runOne = (stage: Stage, fault: Fault, settings: ProveSettings): Promise<FaultResult> =>
  phase(fault.name, async (note) => {
    const journey = stage.journeys.shift();
    if (!journey) throw new Failure("No journey is left to sell: fewer --runs, please.");
    const { buyers, atOnce, atLeastMs } = settings;
    const result = await runFault(stage.platform, fault, {
      journey,
      buyers,
      atOnce,
      atLeastMs,
    });
    note(`${result.injected} times, ${result.booked} booked, ${result.confirmed} confirmed`);
    note(result.lost.length === 0 ? "nothing lost" : `${result.lost.length} lost`);
    return result;
  });

const report = (results: readonly FaultResult[]): string => {
  const names = [...new Set(results.map(({ fault }) => fault))];
  const rows = names.map((name) => {
    const runs = results.filter(({ fault }) => fault === name);
    const sum = (of: (result: FaultResult) => number): string =>
      String(runs.reduce((total, result) => total + of(result), 0));
    const lost = runs.flatMap((result) => result.lost);
    return [
      name,
      String(runs.length),
      sum(({ injected }) => injected),
      sum(({ tries }) => tries),
      sum(({ unanswered }) => unanswered),
      sum(({ booked }) => booked),
      sum(({ confirmed }) => confirmed),
      sum(({ seconds }) => seconds),
      lost.length === 0 ? "nothing" : `${lost.length}: ${lost[0]}`,
    ];
  });
  const head = [
    "fault",
    "runs",
    "times",
    "tries",
    "unanswered",
    "booked",
    "confirmed",
    "s",
    "lost",
  ];
  return formatReport([head, ...rows]);
};
