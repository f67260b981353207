import type { Context } from "../desired/context.ts";
import { externalStoreValues } from "../desired/external-stores.ts";
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
      [EXTERNAL_STORES_SECRET, externalStoreValues(platform, snapshot.given)] as const,
    ]),
    databaseVolume: snapshot.children.get(`PersistentVolumeClaim/${POSTGRES_VOLUME}`)?.uid ?? "",
    operatorNamespace,
    monitoringKinds,
    pins: new Map(),
  };
}
