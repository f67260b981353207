import type { Platform } from "../desired/platform.ts";
import { givenSecrets } from "../desired/secrets/given-secrets.ts";
import { generatedSecrets } from "../desired/secrets/secret-table.ts";
import type { SecretValues } from "../desired/secrets/secret-values.ts";
import type { ObservedObject } from "../metadata/observed-object.ts";
import type { ClusterCache } from "./cluster-cache.ts";
import type { SecretReader } from "./secret-reader.ts";

/** One consistent look at everything under a platform. */
export interface Snapshot {
  /** By `Kind/name`. */
  readonly children: ReadonlyMap<string, ObservedObject>;
  readonly pods: readonly ObservedObject[];
  /** Decoded contents of the generated Secrets that exist. */
  readonly secrets: SecretValues;
  /** The same of those that people made and the spec refers to. */
  readonly given: SecretValues;
}

export async function observe(
  cache: Pick<ClusterCache, "childrenOf" | "child">,
  secrets: SecretReader,
  platform: Platform,
): Promise<Snapshot> {
  const { namespace, name } = platform;
  const { children, pods } = cache.childrenOf(namespace, name);
  const read = async (names: Iterable<string>): Promise<SecretValues> => {
    const entries = [...new Set(names)].map(async (secret) => {
      const seen = cache.child("Secret", namespace, secret)?.resourceVersion;
      return [secret, await secrets.read(namespace, secret, seen)] as const;
    });
    const found = await Promise.all(entries);
    return new Map(
      found.flatMap(([secret, values]) =>
        values === undefined ? [] : [[secret, values] as const],
      ),
    );
  };
  const [own, given] = await Promise.all([
    read(generatedSecrets(platform).map((secret) => secret.name)),
    read(givenSecrets(platform).map((secret) => secret.name)),
  ]);
  return { children, pods, secrets: own, given };
}
