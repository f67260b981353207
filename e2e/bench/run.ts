import { parseArgs } from "node:util";
import { cache } from "../cluster/folders.ts";
import { Failure } from "../cluster/failure.ts";
import { startStores, stopStores } from "../images/store-containers.ts";
import { describeMachine } from "./report/describe-machine.ts";
import { printTable } from "./report/print-table.ts";
import { readResults, writeResults } from "./report/results-file.ts";
import type { Bench, BenchOptions, Row } from "./row.ts";
import { benches } from "./rows/index.ts";

const help = `Usage: npm run bench [-- [row …] [--brief] [--long] [--keep] [--profile]]

Measures both sides of every row in one run on this machine, prints a table and writes
e2e/bench/results/latest.json. Without rows: all of ${ids(false)}. On request: ${ids(true)} (ten minutes).

--brief  a few seconds a row, to see that it works; writes no results
--long   the five-minute form of B4 (otherwise 60 s), and B9 with 200 platforms
--keep   leaves the store containers running for the next run
--profile  every service writes a CPU profile, which costs some speed; prints where they are. Read them
         with \`node e2e/bench/report/show-profile.ts <file>\` or Chrome's developer tools`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: "boolean", short: "h" },
    brief: { type: "boolean", default: false },
    long: { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
    profile: { type: "boolean", default: false },
  },
});

// Ends by way of `exit`, at which the services are ended too. 128 and the signal's number, as shells have it.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));
// A dozen services, each with a listener for our end.
process.setMaxListeners(32);

try {
  if (values.help) console.log(help);
  else await runBenches(chosen(positionals));
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  say(error.message);
  process.exitCode = 1;
}

async function runBenches(wanted: readonly Bench[]): Promise<void> {
  const startedMs = Date.now();
  const stores = await startStores("bench");
  // The tests' own helpers make databases and vhosts there.
  process.env["JATRA_TEST_STORES"] = JSON.stringify(stores);
  if (values.profile) {
    process.env["JATRA_BENCH_PROFILES"] = cache("bench", "profiles", String(startedMs));
    say(`profiles in ${process.env["JATRA_BENCH_PROFILES"]}`);
  }
  const machine = await describeMachine(stores);
  say(machine.summary.join("\n"));
  const earlier = readResults();
  const rows: Row[] = [];
  const options: BenchOptions = {
    brief: values.brief,
    long: values.long,
    measured: (id) => [...rows, ...earlier].find((row) => row.id === id),
    say: (line) => say(`  ${seconds(startedMs)} ${line}`),
  };
  try {
    for (const bench of wanted) {
      say(`${bench.id} ${bench.title}`);
      rows.push(...(await measure(bench, options)));
    }
  } finally {
    if (!values.keep) await stopStores("bench");
  }
  console.log(printTable(rows));
  // A profiled run is slower than it should be.
  if (!values.brief && !values.profile) say(`written to ${writeResults(machine, earlier, rows)}`);
}

/** One bench that breaks doesn't take the others' figures with it; the run still ends as failed. */
async function measure(bench: Bench, options: BenchOptions): Promise<readonly Row[]> {
  try {
    return await bench.measure(options);
  } catch (error) {
    const isRefusal = error instanceof Failure || !(error instanceof Error);
    say(`${bench.id} FAILED: ${isRefusal ? String(error) : error.stack}`);
    process.exitCode = 1;
    return [];
  }
}

function chosen(names: readonly string[]): readonly Bench[] {
  const unknown = names.find((name) => !benches.some(({ id }) => same(id, name)));
  if (unknown !== undefined) throw new Failure(`There is no row ${unknown}.\n\n${help}`);
  if (names.length === 0) return benches.filter(({ isOnRequest }) => isOnRequest !== true);
  return benches.filter(({ id }) => names.some((name) => same(id, name)));
}

function ids(isOnRequest: boolean): string {
  const wanted = benches.filter((bench) => (bench.isOnRequest ?? false) === isOnRequest);
  return [...new Set(wanted.map(({ id }) => id))].join(", ");
}

function same(id: string, name: string): boolean {
  const [whole, asked] = [id.toLowerCase(), name.toLowerCase()];
  // B9 means B9-200 as well, which by itself is asked for by its whole name.
  return whole === asked || whole.startsWith(`${asked}-`);
}

function seconds(startedMs: number): string {
  return `${String(Math.round((Date.now() - startedMs) / 1000)).padStart(4)} s`;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
