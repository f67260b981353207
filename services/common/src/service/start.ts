import { ConfigError } from "../config/parse-config.ts";

/** Runs a service's composition; a failure to start is one line and exit code 1, so that Kubernetes tries again. */
export const start = (compose: () => Promise<unknown>): void => {
  compose().catch((error: unknown) => {
    const isConfiguration = error instanceof ConfigError;
    process.stderr.write(`${isConfiguration ? error.message : describe(error)}\n`);
    process.exit(1);
  });
};

const describe = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
