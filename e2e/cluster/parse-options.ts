import { parseArgs, type ParseArgsConfig } from "node:util";
import { Failure } from "./failure.ts";

/** Node's `parseArgs` over this process's arguments, or `args`; what it doesn't know is one sentence for a person. */
export function parseOptions<const Config extends ParseArgsConfig>(
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split(". ")[0] : String(error);
    throw new Failure(`${reason}; --help lists the options.`, { cause: error });
  }
}
