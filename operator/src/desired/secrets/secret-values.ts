import type { Platform } from "../platform.ts";
import { generatedSecrets } from "./secret-table.ts";

export type SecretValues = ReadonlyMap<string, Readonly<Record<string, string>>>;

/**
 * The contents every generated Secret should have: what exists stays, only missing keys are
 * made. `existing` holds the decoded contents of the Secrets in the namespace.
 */
export function secretValues(
  platform: Platform,
  existing: SecretValues,
  seed: Buffer,
): SecretValues {
  return new Map(
    generatedSecrets(platform).map((secret) => {
      const present = filled(existing.get(secret.name) ?? {});
      const values = { ...secret.values(seed), ...present };
      return [secret.name, { ...values, ...secret.derived?.(values) }];
    }),
  );
}

/** An empty password is no password: it counts as missing. */
function filled(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
}
