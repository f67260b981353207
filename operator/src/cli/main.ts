#!/usr/bin/env node
import { ApiError } from "../runtime/api-error.ts";
import { run } from "./run.ts";
import { UsageError } from "./usage-error.ts";

const EXIT_ERROR = 1;

// A reader that has seen enough (head, less) closes the pipe: no error of ours.
process.stdout.on("error", () => process.exit(0));

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  process.exitCode = EXIT_ERROR;
  console.error(`jatractl: ${wordsFor(error)}`);
}

/** Words for what a person can do something about; a stack for a bug. */
function wordsFor(error: unknown): string {
  if (error instanceof UsageError || error instanceof ApiError) return error.message;
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && typeof error.code === "string") return `${error.message} (${error.code})`;
  return error.name === "TimeoutError" ? "no answer in time." : (error.stack ?? error.message);
}
