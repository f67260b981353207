import { parseArgs } from "node:util";
import { Failure } from "./failure.ts";
import { repositoryOf } from "./registry-push.ts";

export type UpOptions = { context?: string; registry?: string };
export type ImagesOptions = { push?: string };
export type DownOptions = { context?: string; purge: boolean };

/** Options of `npm run up`; refuses what it doesn't know. */
export function upOptions(args: readonly string[]): UpOptions {
  const { context, registry } = parse(args, {
    context: { type: "string" },
    registry: { type: "string" },
  });
  if (registry !== undefined && context === undefined) {
    throw new Failure("--registry goes with --context: the kind cluster needs no registry.");
  }
  return {
    ...(typeof context === "string" ? { context } : {}),
    ...(typeof registry === "string" ? { registry: repositoryOf(registry) } : {}),
  };
}

/** Options of `npm run images`. */
export function imagesOptions(args: readonly string[]): ImagesOptions {
  const { push } = parse(args, { push: { type: "string" } });
  return typeof push === "string" ? { push: repositoryOf(push) } : {};
}

/** Options of `npm run down`. */
export function downOptions(args: readonly string[]): DownOptions {
  const { context, purge } = parse(args, {
    context: { type: "string" },
    purge: { type: "boolean" },
  });
  return { purge: purge === true, ...(typeof context === "string" ? { context } : {}) };
}

function parse(
  args: readonly string[],
  options: Record<string, { type: "string" | "boolean" }>,
): Record<string, string | boolean | undefined> {
  try {
    const { values } = parseArgs({ args: [...args], options });
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        Array.isArray(value) ? value[0] : value,
      ]),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message.split(". ")[0] : String(error);
    throw new Failure(`${reason}; --help lists the options.`, { cause: error });
  }
}
