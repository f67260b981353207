import { OPTION_WORDS } from "./arguments.ts";
import type { Command } from "./commands.ts";
import { table } from "./table.ts";

/** What jatractl alone prints. */
export function generalHelp(commands: readonly Command[]): string[] {
  return [
    "Usage: jatractl COMMAND [OPTIONS]   (also: kubectl jatra COMMAND)",
    "",
    ...table(
      commands.map(({ name, operands, summary }) => [
        { text: `  ${name}${operands === "" ? "" : ` ${operands}`}` },
        { text: summary },
      ]),
    ),
    "",
    "jatractl COMMAND --help says more.",
  ];
}

export function commandHelp(command: Command): string[] {
  const { name, operands, description, options } = command;
  return [
    `Usage: jatractl ${name}${operands === "" ? "" : ` ${operands}`} [OPTIONS]`,
    "",
    ...description,
    "",
    ...table(
      options.map((option) => {
        const [flag, words] = OPTION_WORDS[option];
        return [{ text: `  ${flag}` }, { text: words }];
      }),
    ),
  ];
}
