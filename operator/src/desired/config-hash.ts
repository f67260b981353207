import { contentHash } from "./content-hash.ts";
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
 * Hash of every value a container gets through its environment: the Secrets' keys it refers to,
 * and the ConfigMaps handed in. A process doesn't see a change of these until it restarts.
 */
export function environmentHash(
  container: WithEnvironment,
  secrets: SecretValues,
  configMaps: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
): string {
  const fromSecrets = (container.env ?? []).flatMap((variable) => {
    const reference = variable.valueFrom?.secretKeyRef;
    if (reference === undefined) return [];
    return [[variable.name, secrets.get(reference.name ?? "")?.[reference.key] ?? ""]];
  });
  return contentHash({ fromSecrets, configMaps });
}
