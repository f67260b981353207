/**
 * Runs the project's tests part by part and sums them up: `npm test` (everything), `npm run check` (no stores, no cluster).
 * Each part streams its output; at the end stand what failed once more, a table of parts with their times and the line
 * `N passed, N failed`.
 * A part that fails doesn't stop the others, so that one run shows everything that is wrong.
 */
import { spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { failureWords } from "./failure-words.ts";
import { formatDuration } from "./format-duration.ts";
import { countTests, type Counts } from "./count-tests.ts";

type Part = { readonly name: string; readonly script: string };

const checks: readonly Part[] = [
  { name: "format", script: "format:check" },
  { name: "lint", script: "lint" },
  { name: "types", script: "types" },
  { name: "generated files", script: "generated:check" },
  { name: "unit tests", script: "test:unit" },
];
const everything: readonly Part[] = [
  ...checks,
  { name: "integration tests", script: "test:integration" },
  { name: "e2e on kind", script: "test:e2e" },
];

type Output = { readonly output: string; readonly errors: string };

const run = async (script: string): Promise<Output & { code: number }> => {
  const child = spawn("npm", ["run", "--silent", script], {
    stdio: ["ignore", "pipe", "pipe"],
    // The closing lines are read below; colours would only hide them.
    env: { ...process.env, NO_COLOR: "1" },
  });
  // Apart, or a word of an error might fall into the middle of a line that is counted.
  const output = passOn(child.stdout, process.stdout);
  const errors = passOn(child.stderr, process.stderr);
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve(status ?? 1));
  });
  return { code, output: output(), errors: errors() };
};

/** Shows what comes as it comes; answers how to have it all. */
const passOn = (from: Readable, to: Writable): (() => string) => {
  const chunks: Buffer[] = [];
  from.on("data", (chunk: Buffer) => {
    to.write(chunk);
    chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString("utf8");
};

type Result = Part & Counts & Output & { readonly seconds: number };

const runPart = async (part: Part): Promise<Result> => {
  console.log(`\n=== ${part.name} (npm run ${part.script})`);
  const started = performance.now();
  const { code, output, errors } = await run(part.script);
  const seconds = (performance.now() - started) / 1000;
  return { ...part, ...countTests(output, code), seconds, output, errors };
};

const tellFailures = (results: readonly Result[]): void => {
  for (const { name, output, errors } of results.filter((result) => result.failed > 0))
    console.log(`\n=== what failed in ${name}\n${failureWords(output, errors)}`);
};

const tellTable = (results: readonly Result[]): void => {
  console.log("\npart               time      passed  failed");
  for (const result of results) {
    const time = formatDuration(result.seconds);
    const counts = `${String(result.passed).padStart(6)}  ${String(result.failed).padStart(6)}`;
    console.log(`${result.name.padEnd(18)} ${time.padEnd(8)} ${counts}`);
  }
};

const main = async (): Promise<void> => {
  const parts = process.argv[2] === "check" ? checks : everything;
  const results: Result[] = [];
  for (const part of parts) results.push(await runPart(part));
  tellFailures(results);
  tellTable(results);
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  console.log(`\nall parts took ${formatDuration(performance.now() / 1000)}`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
};

await main();
