import { Failure } from "./failure.ts";
import { parseOptions } from "./parse-options.ts";
import { repositoryOf } from "./registry-push.ts";

export type UpOptions = { context?: string; registry?: string };
export type ImagesOptions = { push?: string };
export type DownOptions = { context?: string; purge: boolean };

/** Options of `npm run up`; refuses what it doesn't know. */
export function upOptions(args: readonly string[]): UpOptions {
  const options = { context: { type: "string" }, registry: { type: "string" } } as const;
  const { context, registry } = parseOptions({ args: [...args], options }).values;
  if (registry !== undefined && context === undefined) {
    throw new Failure("--registry goes with --context: the kind cluster needs no registry.");
  }
  return {
    ...(context === undefined ? {} : { context }),
    ...(registry === undefined ? {} : { registry: repositoryOf(registry) }),
  };
}

/** Options of `npm run images`. */
export function imagesOptions(args: readonly string[]): ImagesOptions {
  const options = { push: { type: "string" } } as const;
  const { push } = parseOptions({ args: [...args], options }).values;
  return push === undefined ? {} : { push: repositoryOf(push) };
}

/** Options of `npm run down`. */
export function downOptions(args: readonly string[]): DownOptions {
  const options = { context: { type: "string" }, purge: { type: "boolean" } } as const;
  const { context, purge } = parseOptions({ args: [...args], options }).values;
  return { purge: purge === true, ...(context === undefined ? {} : { context }) };
}
