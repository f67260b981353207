/**
 * `npm run prove`: sells tickets over real services while things go wrong, one fault after the other, and looks after each what
 * was lost. `npm run prove -- guards` takes each guard away instead and sees a test fail; `npm run prove -- linearizability`
 * has Porcupine look at recorded holds; `npm run prove -- external` runs a platform on stores that are somebody else's, `-- precreated` one
 * whose databases are as well.
 */
import { Failure } from "../cluster/failure.ts";
import { runMain } from "../cluster/main.ts";
import { parseOptions } from "../cluster/parse-options.ts";
import { paint, say } from "../cluster/progress.ts";
import { proveExternal } from "../external/prove-external.ts";
import { provePrecreated } from "../external/prove-precreated.ts";
import { proveFaults, type ProveSettings } from "./prove-faults.ts";
import { proveGuards } from "./guards/prove-guards.ts";
import { proveLinearizability } from "./linearizability/prove-linearizability.ts";

const usage = `Usage: npm run prove [-- [guards|linearizability|external|precreated] [--only TEXT] [--runs N] [--buyers N] [--at-once N]
                        [--seconds N] [--minutes N]]

Sells tickets over the real services (as processes of their own, with databases and queues of their own in the test
stores) while one fault after the other goes on, then reads the databases, the provider's ledger and the clients'
journals and holds I1 to I9 against them. Prints one table: fault, runs, what was lost. Exit code 1 if anything was.

  guards        take each guard of e2e/chaos/guards/guards.ts out of a copy of the tree and see its test fail
  linearizability
                record what clients see of concurrent holds, extensions, releases, ends and sales in the
                seat-reservation service's store code, from several processes, and check it with Porcupine (needs Go)
  external      a second platform on the cluster of npm run up, with PostgreSQL, a Redis Cluster and RabbitMQ that are
                somebody else's, by TLS: missing and wrong Secrets, a ticket, new passwords, deletion
  precreated    the same with databases and logins that somebody has made: no login that may make any
  --only TEXT   only faults or guards whose name has TEXT in it, or one of A|B|C
  --runs N      sales a fault (default 1)
  --buyers N    clients a sale, at least (default 60)
  --seconds N   how long a sale lasts at least, with more clients if need be (default 8)
  --at-once N   of them at the same time (default 12)
  --minutes N   begin no further fault or guard after that; the rest is named (default: all of them)
  --help        print this`;

type Part = "faults" | "guards" | "linearizability" | "external" | "precreated";
type Options = ProveSettings & { what: Part };

const proofs: Readonly<Record<Part, (options: Options) => Promise<boolean>>> = {
  faults: proveFaults,
  guards: ({ only, lastsMs }) => proveGuards(only, lastsMs),
  linearizability: proveLinearizability,
  external: proveExternal,
  precreated: provePrecreated,
};

await runMain(async () => {
  const options = optionsOf();
  if (options === undefined) {
    console.log(usage);
    return;
  }
  if (await proofs[options.what](options)) return;
  say(paint.red("\nNot everything held."));
  process.exitCode = 1;
});

function optionsOf(): Options | undefined {
  const { values, positionals } = parseOptions({
    allowPositionals: true,
    options: {
      only: { type: "string" },
      runs: { type: "string" },
      buyers: { type: "string" },
      "at-once": { type: "string" },
      seconds: { type: "string" },
      minutes: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) return undefined;
  const [what = "faults"] = positionals;
  if (!isPart(what)) throw new Failure(`There is no «${what}»; --help lists what is.`);
  return {
    what,
    only: values.only ?? "",
    runs: count(values.runs, 1),
    buyers: count(values.buyers, 60),
    atOnce: count(values["at-once"], 12),
    atLeastMs: count(values.seconds, 8) * 1000,
    lastsMs: values.minutes === undefined ? Infinity : count(values.minutes, 0) * 60_000,
  };
}

function isPart(word: string): word is Part {
  return Object.hasOwn(proofs, word);
}

function count(text: string | undefined, usual: number): number {
  const number = Number(text ?? usual);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Failure(`«${text}» is no number above 0; --help lists the options.`);
}
