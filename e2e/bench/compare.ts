import { parseArgs } from "node:util";
import { startStores, stopStores } from "../images/store-containers.ts";
import { Failure } from "../cluster/failure.ts";
import { repository } from "../cluster/folders.ts";
import { measurePairs } from "./compare/measure-pairs.ts";
import { printPairs } from "./compare/print-pairs.ts";
import { contestants, isSubject, subjects } from "./compare/subjects.ts";
import { checkOut } from "./platform/working-copy.ts";
import { describeMachine } from "./report/describe-machine.ts";

const help = `Usage: npm run bench:compare -- <commit> [--of holds|bookings] [--rounds 5] [--seconds 5] [--keep]

What a change brought: the services of <commit> and those of this working copy stand side by side over the
same stores, and the load goes to one and the other in turn. Prints the rate and the CPU time of each by
component, and the medians of the rounds' ratios, which hold on a machine that has other things to do.

--of       ${Object.entries(subjects)
  .map(([name, { what }]) => `${name}: ${what}`)
  .join("; ")}
--keep     leaves the store containers running for the next run`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: "boolean", short: "h" },
    of: { type: "string", default: "holds" },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "5" },
    keep: { type: "boolean", default: false },
  },
});

process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));
// Two dozen services, each with a listener for our end.
process.setMaxListeners(64);

try {
  const [reference] = positionals;
  if (values.help) console.log(help);
  else if (reference === undefined) throw new Failure(help);
  else await compare(reference);
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function compare(reference: string): Promise<void> {
  if (!isSubject(values.of)) throw new Failure(`There is no subject ${values.of}.\n\n${help}`);
  const subject = subjects[values.of];
  const stores = await startStores("bench");
  process.env["JATRA_TEST_STORES"] = JSON.stringify(stores);
  console.log((await describeMachine(stores)).summary.join("\n"));
  const earlier = await checkOut(reference);
  try {
    const sides = await contestants(subject, [earlier.root, repository]);
    try {
      const rounds = Number(values.rounds);
      const pairs = await measurePairs(sides, {
        rounds,
        durationMs: Number(values.seconds) * 1000,
      });
      console.log(printPairs(subject.unit, [earlier.commit, "this working copy"], pairs));
    } finally {
      await Promise.all(sides.map((side) => side.stop()));
    }
  } finally {
    await earlier.remove();
    if (!values.keep) await stopStores("bench");
  }
}
