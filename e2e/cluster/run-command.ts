import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";

export type CommandOptions = {
  cwd?: string;
  env?: Record<string, string>;
  input?: string;
  /** After this long the command is killed and counts as failed. */
  timeoutMs?: number;
  /** Output also goes to this file, appended: what a person reads when a long build failed. */
  logFile?: string;
};

/** How much of the output is kept in memory; a build's full log belongs in `logFile`. */
const keptOutputCharacters = 4_000_000;
const defaultTimeoutMs = 30 * 60_000; // the longest command is the build of Kubernetes: 10 min on 2 cores

/** A command that ended with another code than 0, or didn't start (`exitCode` null). */
export class CommandFailed extends Error {
  override name = "CommandFailed";
  readonly exitCode: number | null;
  readonly output: string;

  constructor(command: string, exitCode: number | null, output: string) {
    super(`${command} failed (${exitCode ?? "not run"}): ${lastLines(output, 5)}`);
    this.exitCode = exitCode;
    this.output = output;
  }
}

/** Runs a command and answers its standard output; throws `CommandFailed` with what it said. */
export async function run(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    // Not `timeout`: its timer outlives a command that isn't there, and kept the caller alive for half an hour.
    signal: AbortSignal.timeout(options.timeoutMs ?? defaultTimeoutMs),
    killSignal: "SIGKILL",
  });
  const log = options.logFile ? createWriteStream(options.logFile, { flags: "a" }) : undefined;
  let stdout = "";
  let everything = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout = (stdout + text).slice(-keptOutputCharacters);
    everything = (everything + text).slice(-keptOutputCharacters);
    log?.write(text);
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    everything = (everything + text).slice(-keptOutputCharacters);
    log?.write(text);
  });
  child.stdin?.on("error", () => undefined); // a command that ended early doesn't read all of its input
  child.stdin?.end(options.input);
  const exitCode = await new Promise<number | null>((resolve) => {
    child.on("error", (error) => {
      everything += error.message;
      resolve(null);
    });
    child.on("close", (code) => resolve(code));
  });
  log?.end();
  if (exitCode !== 0) {
    throw new CommandFailed([command, ...args.slice(0, 3)].join(" "), exitCode, everything);
  }
  return stdout;
}

/** Whether a command ends with code 0, for questions such as "is this image here?". */
export async function succeeds(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<boolean> {
  try {
    await run(command, args, options);
    return true;
  } catch (error) {
    if (error instanceof CommandFailed) return false;
    throw error;
  }
}

/** The output of a command, or undefined where it failed. */
export async function outputOf(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string | undefined> {
  try {
    return (await run(command, args, options)).trim();
  } catch (error) {
    if (error instanceof CommandFailed) return undefined;
    throw error;
  }
}

function lastLines(text: string, count: number): string {
  return text.trim().split("\n").slice(-count).join(" | ");
}
