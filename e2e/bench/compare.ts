import { parseArgs } from "node:util";
import { startStores, stopStores } from "../images/store-containers.ts";
import { Failure } from "../cluster/failure.ts";
import { repository } from "../cluster/folders.ts";
import { measurePairs } from "./compare/measure-pairs.ts";
import { measureTogether, printTogether } from "./compare/measure-together.ts";
import { printPairs } from "./compare/print-pairs.ts";
import { contestants, isSubject, subjects } from "./compare/subjects.ts";
import { checkOut, type WorkingCopy } from "./platform/working-copy.ts";
import { describeMachine } from "./report/describe-machine.ts";

const help = `Usage: npm run bench:compare -- <before> [<after>] [--of holds|bookings|requests] [--rounds 5] [--count …] [--keep]
       npm run bench:compare -- <commit> <commit> … --together [--flags=…] …

What a change brought: the services of two commits (<after>: else this working copy) stand side by side over
the same stores, and the load goes to one and the other in turn. Prints the rate and the CPU time of each by
component, and the medians of the rounds' ratios, which hold on a machine that has other things to do.

--of       ${Object.entries(subjects)
  .map(([name, { what }]) => `${name}: ${what}`)
  .join("; ")}
--count    of a round: pieces of work, 2,000 unless told; of requests seconds, 4 unless told
--together all of them under load at once instead of two in turn: for steps of a few percent on a busy machine
--flags    of Node, for one more side: the gateway of the last commit with them
--keep     leaves the store containers running for the next run`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: "boolean", short: "h" },
    of: { type: "string", default: "holds" },
    rounds: { type: "string", default: "5" },
    count: { type: "string" },
    together: { type: "boolean", default: false },
    flags: { type: "string" },
    keep: { type: "boolean", default: false },
  },
});

process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));
// Two dozen services, each with a listener for our end.
process.setMaxListeners(64);

try {
  if (values.help) console.log(help);
  else if (positionals.length === 0) throw new Failure(help);
  else await compare(positionals);
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function compare(references: readonly string[]): Promise<void> {
  if (!isSubject(values.of)) throw new Failure(`There is no subject ${values.of}.\n\n${help}`);
  const stores = await startStores("bench");
  process.env["JATRA_TEST_STORES"] = JSON.stringify(stores);
  console.log((await describeMachine(stores)).summary.join("\n"));
  const copies: WorkingCopy[] = [];
  try {
    for (const reference of references) copies.push(await checkOut(reference));
    const trees: Tree[] = copies.map(({ commit, root }) => ({ name: commit, root }));
    if (trees.length === 1) trees.push({ name: "this working copy", root: repository });
    await compareTrees(values.of, trees);
  } finally {
    for (const copy of copies) await copy.remove();
    if (!values.keep) await stopStores("bench");
  }
}

type Tree = {
  readonly name: string;
  readonly root: string;
  /** Of Node, for its gateway. */
  readonly flags?: readonly string[];
};

async function compareTrees(of: keyof typeof subjects, trees: readonly Tree[]): Promise<void> {
  const subject = subjects[of];
  const all = [...trees, ...withFlags(trees.at(-1))];
  const sides = await contestants(subject, all);
  const names = all.map(({ name }) => name);
  try {
    const amount = Number(values.count ?? subject.amount);
    const options = { rounds: Number(values.rounds), amount };
    const { unit } = subject;
    if (values.together) {
      console.log(printTogether(unit, names, await measureTogether(sides, options)));
    } else console.log(printPairs(unit, names, await measurePairs(sides, options)));
  } finally {
    await Promise.all(sides.map((side) => side.stop()));
  }
}

function withFlags(last: Tree | undefined): readonly Tree[] {
  const { flags } = values;
  if (flags === undefined || !last) return [];
  return [{ ...last, name: `${last.name} ${flags}`, flags: flags.split(" ") }];
}
