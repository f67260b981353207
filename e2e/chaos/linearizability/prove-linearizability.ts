import { Failure } from "../../cluster/failure.ts";
import { phase, say } from "../../cluster/progress.ts";
import { formatReport } from "../format-table.ts";
import { isChosen } from "../is-chosen.ts";
import { buildChecker, checkHistory, type Verdict } from "./check-history.ts";
import { recordHistory } from "./record-history.ts";
import { troubles, type Trouble } from "./troubles.ts";

/** Two thousand and more operations in each history, several hundred of them about the same few seats. */
const RECORDING = { journeys: 8, clients: 5, operations: 400, pods: 3 } as const;
/** Porcupine needs under a second; a history with unusually many open calls may take it longer than anybody waits. */
const CHECK_WITHIN_SECONDS = 120;

type Row = Verdict & {
  readonly trouble: string;
  readonly injected: number;
  readonly seconds: number;
};

/** Records a history a trouble and has it checked; prints the table; true where each has a linearization. */
export const proveLinearizability = async (options: {
  readonly only: string;
  readonly runs: number;
}): Promise<boolean> => {
  const chosen = troubles.filter(({ name }) => isChosen(name, options.only));
  if (chosen.length === 0) throw new Failure(`No trouble has «${options.only}» in its name.`);
  await phase("Porcupine is built", buildChecker);
  const rows: Row[] = [];
  for (const trouble of chosen) {
    for (let run = 0; run < options.runs; run += 1) rows.push(await proveOne(trouble));
  }
  console.log(`\n${report(rows)}`);
  return rows.every(({ verdict }) => verdict === "linearizable");
};

const proveOne = (trouble: Trouble): Promise<Row> =>
  phase(trouble.name, async (note) => {
    const startedMs = performance.now();
    const { history, injected } = await recordHistory(RECORDING, trouble);
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    const found = await checkHistory(history, { limitSeconds: CHECK_WITHIN_SECONDS });
    note(`${found.operations} operations, ${found.verdict}`);
    for (const line of Object.values(found.unexplained).flat()) say(`      ${line}`);
    if (found.verdict !== "linearizable") say(`      history and pictures: ${found.folder}`);
    return { ...found, trouble: trouble.name, injected, seconds };
  });

const report = (rows: readonly Row[]): string => {
  const head = [
    "holds while this went wrong",
    "times",
    "operations",
    "journeys",
    "open",
    "409 explained",
    "409 excused",
    "s",
    "Porcupine",
  ];
  const cells = rows.map((row) => [
    row.trouble,
    String(row.injected),
    String(row.operations),
    String(row.journeys),
    String(row.open),
    String(row.refusalsHeld),
    String(row.refusalsExcused),
    String(row.seconds),
    row.verdict,
  ]);
  return formatReport([head, ...cells]);
};
