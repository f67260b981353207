import { parseArgs } from "node:util";
import { startStores, stopStores } from "../images/store-containers.ts";
import { Failure } from "../cluster/failure.ts";
import { repository } from "../cluster/folders.ts";
import { measurePairs } from "./compare/measure-pairs.ts";
import { printPairs } from "./compare/print-pairs.ts";
import { contestants, isSubject, subjects } from "./compare/subjects.ts";
import { checkOut } from "./platform/working-copy.ts";
import { describeMachine } from "./report/describe-machine.ts";

const help = `Usage: npm run bench:compare -- <before> [<after>] [--of holds|bookings|requests] [--rounds 5] [--count …] [--keep]

What a change brought: the services of two commits (<after>: else this working copy) stand side by side over
the same stores, and the load goes to one and the other in turn. Prints the rate and the CPU time of each by
component, and the medians of the rounds' ratios, which hold on a machine that has other things to do.

--of       ${Object.entries(subjects)
  .map(([name, { what }]) => `${name}: ${what}`)
  .join("; ")}
--count    of a round: pieces of work, 2,000 unless told; of requests seconds, 4 unless told
--keep     leaves the store containers running for the next run`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: "boolean", short: "h" },
    of: { type: "string", default: "holds" },
    rounds: { type: "string", default: "5" },
    count: { type: "string" },
    keep: { type: "boolean", default: false },
  },
});

process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));
// Two dozen services, each with a listener for our end.
process.setMaxListeners(64);

try {
  const [before, after] = positionals;
  if (values.help) console.log(help);
  else if (before === undefined) throw new Failure(help);
  else await compare(before, after);
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function compare(before: string, after: string | undefined): Promise<void> {
  if (!isSubject(values.of)) throw new Failure(`There is no subject ${values.of}.\n\n${help}`);
  const stores = await startStores("bench");
  process.env["JATRA_TEST_STORES"] = JSON.stringify(stores);
  console.log((await describeMachine(stores)).summary.join("\n"));
  const earlier = await checkOut(before);
  const later = after === undefined ? undefined : await checkOut(after);
  try {
    await compareTrees(values.of, [
      { name: earlier.commit, root: earlier.root },
      { name: later?.commit ?? "this working copy", root: later?.root ?? repository },
    ]);
  } finally {
    await earlier.remove();
    await later?.remove();
    if (!values.keep) await stopStores("bench");
  }
}

type Tree = { readonly name: string; readonly root: string };

async function compareTrees(of: keyof typeof subjects, trees: [Tree, Tree]): Promise<void> {
  const subject = subjects[of];
  const [earlier, later] = trees;
  const sides = await contestants(subject, [earlier.root, later.root]);
  try {
    const amount = Number(values.count ?? subject.amount);
    const options = { rounds: Number(values.rounds), amount };
    const pairs = await measurePairs(sides, options);
    console.log(printPairs(subject.unit, [earlier.name, later.name], pairs));
  } finally {
    await Promise.all(sides.map((side) => side.stop()));
  }
}
