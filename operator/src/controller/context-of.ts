import type { Context } from "../desired/context.ts";
import { externalStoreKeys, externalStoreValues } from "../desired/external-stores.ts";
import type { Platform } from "../desired/platform.ts";
import { secretValues } from "../desired/secrets/secret-values.ts";
import { EXTERNAL_STORES_SECRET, POSTGRES_VOLUME } from "../metadata/names.ts";
import type { Snapshot } from "./observe.ts";

export interface ContextSources {
  readonly operatorNamespace: string;
  readonly monitoringKinds: ReadonlySet<string>;
  /** 32 random bytes: what new passwords are derived from. */
  readonly randomSeed: () => Buffer;
}

/** What desired is called with, out of a snapshot. */
export function contextOf(
  { operatorNamespace, monitoringKinds, randomSeed }: ContextSources,
  platform: Platform,
  snapshot: Snapshot,
): Context {
  return {
    platform,
    secrets: new Map([
      ...snapshot.given,
      ...secretValues(platform, snapshot.secrets, randomSeed()),
      [EXTERNAL_STORES_SECRET, storeValues(platform, snapshot)] as const,
    ]),
    databaseVolume: snapshot.children.get(`PersistentVolumeClaim/${POSTGRES_VOLUME}`)?.uid ?? "",
    operatorNamespace,
    monitoringKinds,
    pins: new Map(),
  };
}

/**
 * What pods can take out of the Secret of external stores. It is made whole or not at all: while it isn't there and can't be made, it holds
 * nothing for anybody. Pods that need but a part of it would wait for it in vain, and a Job's would be given up after half an hour.
 */
function storeValues(platform: Platform, { given, children }: Snapshot) {
  const values = externalStoreValues(platform, given);
  const isWhole = externalStoreKeys(platform).every((key) => values[key] !== undefined);
  return isWhole || children.has(`Secret/${EXTERNAL_STORES_SECRET}`) ? values : {};
}
