import { EXTERNAL_STORES_SECRET } from "../metadata/names.ts";
import { contentHash } from "./content-hash.ts";
import { FILE_VARIABLES } from "./external-stores.ts";
import type { SecretValues } from "./secrets/secret-values.ts";

/** What of a container matters here: a pinned one is only known as far as this. */
export interface WithEnvironment {
  readonly env?: readonly {
    readonly name: string;
    readonly valueFrom?: {
      readonly secretKeyRef?: { readonly name?: string; readonly key: string };
    };
  }[];
}

/**
 * Hash of every value a container gets through its environment: the Secrets' keys it refers to, the authorities in files that
 * it names, and the ConfigMaps handed in. A process doesn't see a change of these until it restarts.
 */
export function environmentHash(
  container: WithEnvironment,
  secrets: SecretValues,
  configMaps: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
): string {
  const fromSecrets = (container.env ?? []).flatMap((variable) => {
    const reference = variable.valueFrom?.secretKeyRef ?? fileOf(variable.name);
    if (reference === undefined) return [];
    return [[variable.name, secrets.get(reference.name ?? "")?.[reference.key] ?? ""]];
  });
  return contentHash({ fromSecrets, configMaps });
}

function fileOf(variable: string): { readonly name: string; readonly key: string } | undefined {
  const key = FILE_VARIABLES[variable];
  return key === undefined ? undefined : { name: EXTERNAL_STORES_SECRET, key };
}
