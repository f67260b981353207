import { cpus, loadavg } from "node:os";
import { formatTable } from "../chaos/format-table.ts";
import { Failure } from "../cluster/failure.ts";
import { phase, say } from "../cluster/progress.ts";
import type { Certificates } from "./certificates.ts";
import { conditions } from "./conditions.ts";
import { installedImages, kubectlIn, PLATFORM, STORES } from "./on-cluster.ts";
import { startStores } from "./stores.ts";

type Row = { readonly what: string; readonly seen: string; readonly seconds: number };
export type Step = { readonly what: string; readonly look: () => Promise<string> };

/** What the steps build on. */
export type Stage = {
  readonly certificates: Certificates;
  /** The platform's version. */
  readonly tag: string;
};

export type Proof = {
  readonly name: string;
  /** What somebody else does in PostgreSQL beforehand, statement by statement. */
  readonly inPostgres: readonly string[];
  readonly stepsOf: (stage: Stage) => readonly Step[];
};

/**
 * Takes the steps of a second platform on the cluster of `npm run up`, on stores of their own. Prints what was seen; throws where a
 * step didn't go as promised. Nothing is left of it.
 */
export const takeSteps = async (
  { name, inPostgres, stepsOf }: Proof,
  only: string,
): Promise<boolean> => {
  if (only !== "")
    throw new Failure(`The steps of ${name} build on each other: --only isn't for them.`);
  const images = await phase("the cluster of npm run up", installedImages);
  await phase("nothing is left of a run before", removeAll);
  const rows: Row[] = [];
  try {
    const certificates = await phase("stores by TLS", () => startStores(images, inPostgres));
    for (const step of stepsOf({ certificates, tag: images.tag })) await take(step, rows);
    return true;
  } finally {
    const cells = rows.map(({ what, seen, seconds }) => [what, seen, seconds.toFixed(1)]);
    console.log(`\n${formatTable([["what", "seen", "s"], ...cells])}\n\n${machine()}`);
    await phase("everything is removed", removeAll);
  }
};

const machine = (): string => {
  const load = (loadavg()[0] ?? 0).toFixed(1);
  return `${cpus().length} cores, load average ${load}, Node ${process.versions.node}, ${new Date().toISOString()}`;
};

const take = async ({ what, look }: Step, rows: Row[]): Promise<void> => {
  const startedMs = performance.now();
  const seconds = () => (performance.now() - startedMs) / 1000;
  try {
    rows.push({ what, seen: await phase(what, look), seconds: seconds() });
  } catch (error) {
    rows.push({ what, seen: "**not so**", seconds: seconds() });
    for (const { type, status, message } of await conditions()) {
      say(`    ${type}=${status} ${message}`);
    }
    throw error;
  }
};

const removeAll = async (): Promise<void> => {
  const args = ["delete", "namespace", PLATFORM, STORES, "--ignore-not-found", "--timeout=200s"];
  await kubectlIn("default", ...args);
};
