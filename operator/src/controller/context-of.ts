import type { Context } from "../desired/context.ts";
import type { Platform } from "../desired/platform.ts";
import { secretValues } from "../desired/secrets/secret-values.ts";
import { POSTGRES_VOLUME } from "../metadata/names.ts";
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
    secrets: secretValues(platform, snapshot.secrets, randomSeed()),
    databaseVolume: snapshot.children.get(`PersistentVolumeClaim/${POSTGRES_VOLUME}`)?.uid ?? "",
    operatorNamespace,
    monitoringKinds,
    pins: new Map(),
  };
}
