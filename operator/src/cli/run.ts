import { readArguments, type Invocation } from "./arguments.ts";
import { COMMANDS, type Command } from "./commands.ts";
import { commandHelp, generalHelp } from "./help.ts";
import { openSession } from "./session.ts";
import { UsageError } from "./usage-error.ts";

/** One command line, start to end; answers the exit code. Throws UsageError in plain words. */
export async function run(argv: readonly string[]): Promise<number> {
  const invocation = readArguments(argv);
  if (invocation.command === undefined || invocation.command === "help") {
    console.log(generalHelp(COMMANDS).join("\n"));
    return 0;
  }
  const command = commandOf(invocation);
  if (invocation.options.help) {
    console.log(commandHelp(command).join("\n"));
    return 0;
  }
  refuseWhatItHasNot(command, invocation);
  const session = await openSession(invocation.options, command.isReadOnly);
  try {
    return await command.run(session, invocation.operands);
  } finally {
    await session.client.close();
  }
}

function commandOf({ command: name = "" }: Invocation): Command {
  const found = COMMANDS.find((command) => command.name === name);
  if (found !== undefined) return found;
  const names = COMMANDS.map((command) => command.name).join(", ");
  throw new UsageError(`${name} is no command; there is ${names}.`);
}

/** An option that is ignored is a promise that isn't kept. */
function refuseWhatItHasNot(command: Command, { given, operands }: Invocation): void {
  const options: readonly string[] = command.options;
  const strange = given.find((name) => !options.includes(name));
  if (strange !== undefined) throw new UsageError(`${command.name} has no option --${strange}.`);
  if (operands.length > command.operandsMax) {
    throw new UsageError(`${command.name} doesn't know what to do with ${operands.join(" ")}.`);
  }
}
