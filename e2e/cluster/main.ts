import { CommandFailed } from "./run-command.ts";
import { Failure } from "./failure.ts";
import { paint, say } from "./progress.ts";

const interrupted = 130; // what shells answer for Ctrl-C
const terminated = 143; // and for SIGTERM

/** Of a command whose next run goes on where this one was. */
export const GOES_ON = "Interrupted. Run the same command again to go on from here.";

/**
 * Runs a command to its end: a `Failure` becomes one sentence and exit code 1, Ctrl-C one sentence and 130. Also then it ends
 * by way of `exit`, at which the services that it started are ended too.
 */
export async function runMain(
  work: () => Promise<void>,
  whenInterrupted = "Interrupted.",
): Promise<void> {
  process.once("SIGINT", () => {
    say(`\n${whenInterrupted}`);
    process.exit(interrupted);
  });
  process.once("SIGTERM", () => process.exit(terminated));
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Failure || error instanceof CommandFailed)) throw error;
    say(`\n${paint.red(error.message)}`);
    process.exitCode = 1;
  }
}
