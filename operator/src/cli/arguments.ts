import { parseArgs } from "node:util";
import { UsageError } from "./usage-error.ts";

/** Options of all commands together; each command names those of its own. */
export const OPTIONS = {
  namespace: { type: "string", short: "n" },
  context: { type: "string" },
  platform: { type: "string" },
  output: { type: "string", short: "o", default: "text" },
  help: { type: "boolean", short: "h", default: false },
  watch: { type: "boolean", short: "w", default: false },
  file: { type: "string", short: "f" },
  gateway: { type: "string" },
  to: { type: "string" },
  "operator-namespace": { type: "string", default: "jatra-system" },
} as const;

export type OptionName = keyof typeof OPTIONS;

/** What each option means, for the help. */
export const OPTION_WORDS: Readonly<Record<OptionName, readonly [string, string]>> = {
  namespace: [
    "-n, --namespace NAME",
    "namespace of the platform (default: the context's, or jatra)",
  ],
  context: ["    --context NAME", "context of your kubeconfig (default: the current one)"],
  platform: ["    --platform NAME", "the JatraPlatform (default: the one that is served there)"],
  output: ["-o, --output text|json", "json for programs (default: text)"],
  help: ["-h, --help", "print this"],
  watch: ["-w, --watch", "show it again every 2 s until Ctrl-C"],
  file: ["-f, --file FILE", "plan this JatraPlatform instead of what the cluster has"],
  gateway: [
    "    --gateway URL",
    "where the gateway answers (default: forwarded to one of its pods)",
  ],
  to: ["    --to NUMBER", "the revision (default: the last good one before the present)"],
  "operator-namespace": [
    "    --operator-namespace NAME",
    "where the operator runs (default: jatra-system)",
  ],
};

/** Options that every command has. */
export const COMMON: readonly OptionName[] = ["namespace", "context", "platform", "output", "help"];

export interface Invocation {
  /** Undefined: none was named. */
  readonly command: string | undefined;
  readonly operands: readonly string[];
  readonly options: Options;
  /** Names of the options that were given. */
  readonly given: readonly string[];
}

export interface Options {
  readonly namespace: string | undefined;
  readonly context: string | undefined;
  readonly platform: string | undefined;
  readonly isJson: boolean;
  readonly help: boolean;
  readonly watch: boolean;
  readonly file: string | undefined;
  readonly gateway: string | undefined;
  readonly to: number | undefined;
  readonly operatorNamespace: string;
}

/** Reads a command line. Throws UsageError in words for a person. */
export function readArguments(argv: readonly string[]): Invocation {
  const { values, positionals, tokens } = parse(argv);
  if (values.output !== "text" && values.output !== "json") {
    throw new UsageError(`--output is text or json, not ${values.output}.`);
  }
  const [command, ...operands] = positionals;
  return {
    command,
    operands,
    options: {
      namespace: values.namespace,
      context: values.context,
      platform: values.platform,
      isJson: values.output === "json",
      help: values.help,
      watch: values.watch,
      file: values.file,
      gateway: values.gateway,
      to: revisionNumber(values.to),
      operatorNamespace: values["operator-namespace"],
    },
    given: tokens.flatMap((token) => (token.kind === "option" ? [token.name] : [])),
  };
}

function revisionNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`--to is the number of a revision, not ${text}: see jatractl history.`);
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, tokens: true });
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${cause}${cause.endsWith(".") ? "" : "."}`, { cause: error });
  }
}
