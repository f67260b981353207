import { CommandFailed } from "./run-command.ts";
import { Failure } from "./failure.ts";
import { paint, say } from "./progress.ts";

const interrupted = 130; // what shells answer for Ctrl-C

/**
 * Runs a command to its end: a `Failure` becomes one sentence and exit code 1, Ctrl-C one sentence and 130. What was
 * made by then stays and the next run goes on from it.
 */
export async function runMain(work: () => Promise<void>): Promise<void> {
  process.once("SIGINT", () => {
    say("\nInterrupted. Run the same command again to go on from here.");
    process.exit(interrupted);
  });
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Failure || error instanceof CommandFailed)) throw error;
    say(`\n${paint.red(error.message)}`);
    process.exitCode = 1;
  }
}
