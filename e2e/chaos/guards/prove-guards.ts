import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { testStores } from "@jatra/testing/stores.ts";
import { z } from "zod";
import { Failure } from "../../cluster/failure.ts";
import { phase, say } from "../../cluster/progress.ts";
import { formatTable } from "../format-table.ts";
import { isChosen } from "../is-chosen.ts";
import { copyTree } from "./copy-tree.ts";
import type { Guard } from "./guard.ts";
import { guards } from "./guards.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
/** The slowest of these tests takes some ten seconds; one that hangs without its guard has failed too. */
const TEST_TIMEOUT_MS = 120_000;

type Verdict = { readonly passed: readonly string[]; readonly failed: readonly string[] };

/** Takes each guard away in a copy of the tree and sees its test fail, which passes with it. True if that is so for all. */
export const proveGuards = async (only: string, lastsMs: number): Promise<boolean> => {
  const chosen = guards.filter(({ guard }) => isChosen(guard, only));
  if (chosen.length === 0) throw new Failure(`No guard has «${only}» in its name.`);
  // The copy gets this tree's stores: it must not start others in their place.
  const environment = { ...process.env, JATRA_TEST_STORES: JSON.stringify(await testStores()) };
  const copy = copyTree(root);
  // Also after Ctrl-C.
  process.once("exit", () => rmSync(copy, { recursive: true, force: true }));
  const rows: string[][] = [];
  const stop = performance.now() + lastsMs;
  for (const guard of chosen) {
    if (performance.now() > stop) {
      say(`      not begun: ${guard.guard}`);
      continue;
    }
    rows.push([guard.guard, ...(await proveOne({ copy, environment }, guard))]);
  }
  console.log(`\n${formatTable([["guard", "without it fails", "seen"], ...rows])}`);
  const seen = rows.filter((row) => row[2] === "yes").length;
  console.log(`\n${seen} of ${rows.length} guards: the test passes with it and fails without it`);
  return seen === rows.length;
};

type Place = { readonly copy: string; readonly environment: NodeJS.ProcessEnv };

const proveOne = (place: Place, guard: Guard): Promise<string[]> =>
  phase(guard.guard, async (note) => {
    const path = join(place.copy, guard.file);
    const intact = readFileSync(path, "utf8");
    const whole = await runTest(place, guard);
    writeFileSync(path, withoutGuard(intact, guard));
    const bare = await runTest(place, guard).finally(() => writeFileSync(path, intact));
    const title = bare.failed.find(isTest) ?? whole.passed[0] ?? guard.test.title;
    const holds = whole.failed.length === 0 && whole.passed.length > 0;
    const verdict = holds ? judge(bare) : "no: fails with the guard too";
    note(verdict === "yes" ? `fails: ${title}` : verdict);
    return [title, verdict];
  });

/** A test that couldn't even be set up says nothing about the guard. */
const judge = ({ failed }: Verdict): string => {
  if (failed.length === 0) return "no: still passes";
  return failed.some(isTest) ? "yes" : "no: not even set up";
};

/** And not a hook: where one before the tests fails they aren't run; one after them may fail of what a test left. */
const isTest = (title: string): boolean => !title.includes('" hook ');

/** The file's text without the guard. Throws where the row and the source have grown apart. */
export const withoutGuard = (text: string, { guard, file, find, replace }: Guard): string => {
  const [before, after, more] = text.split(find);
  if (before === undefined || after === undefined || more !== undefined) {
    throw new Failure(`«${guard}» does not stand once in ${file}.`);
  }
  return `${before}${replace}${after}`;
};

const testSchema = z.object({ fullTitle: z.string() });
const reportSchema = z.object({ passes: z.array(testSchema), failures: z.array(testSchema) });

const runTest = async ({ copy, environment }: Place, { test }: Guard): Promise<Verdict> => {
  const mocha = join(root, "node_modules", "mocha", "bin", "mocha.js");
  const config = ["--config", ".mocharc.integration.json", "--exit", "--reporter", "json"];
  const args = [mocha, ...config, "--fgrep", test.title, test.file];
  const child = spawn(process.execPath, args, {
    cwd: copy,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => output.push(chunk));
  const limit = setTimeout(() => child.kill("SIGKILL"), TEST_TIMEOUT_MS);
  await once(child, "close");
  clearTimeout(limit);
  return verdictOf(Buffer.concat(output).toString("utf8"), test.title);
};

/** The report may stand between lines of the code under test. No report at all: the code didn't even load. */
const verdictOf = (output: string, title: string): Verdict => {
  const start = output.indexOf('{\n  "stats"');
  const end = output.lastIndexOf("\n}");
  if (start < 0 || end < 0) {
    say(output.slice(-2_000));
    throw new Failure(`The test «${title}» gave no report.`);
  }
  const report = reportSchema.parse(JSON.parse(output.slice(start, end + 2)));
  const titles = (tests: readonly { fullTitle: string }[]) => tests.map((one) => one.fullTitle);
  return { passed: titles(report.passes), failed: titles(report.failures) };
};
