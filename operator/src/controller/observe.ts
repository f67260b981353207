import type { Platform } from "../desired/platform.ts";
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
}

export async function observe(
  cache: Pick<ClusterCache, "childrenOf">,
  secrets: SecretReader,
  platform: Platform,
): Promise<Snapshot> {
  const { children, pods } = cache.childrenOf(platform.namespace, platform.name);
  const entries = await Promise.all(
    generatedSecrets(platform).map(async ({ name }) => {
      const seen = children.get(`Secret/${name}`)?.resourceVersion;
      return [name, await secrets.read(platform.namespace, name, seen)] as const;
    }),
  );
  return {
    children,
    pods,
    secrets: new Map(
      entries.flatMap(([name, values]) => (values === undefined ? [] : [[name, values] as const])),
    ),
  };
}
