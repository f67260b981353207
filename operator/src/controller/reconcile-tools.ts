import type { ImageDefaults } from "../desired/resolve-image.ts";
import type { ApiClient } from "../runtime/api-client.ts";
import type { ApplyMemory } from "./apply-memory.ts";
import type { ClusterCache } from "./cluster-cache.ts";
import type { Contests } from "./contests.ts";
import type { DesiredMemo } from "./desired-memo.ts";
import type { RecordEvent } from "./event-recorder.ts";
import type { RevisionReader } from "./rollout/revisions.ts";
import type { SecretReader } from "./secret-reader.ts";

/** What a run works with; made once a process. */
export interface ReconcileTools {
  readonly client: ApiClient;
  readonly cache: ClusterCache;
  readonly secrets: SecretReader;
  readonly revisions: RevisionReader;
  readonly memory: ApplyMemory;
  readonly contests: Contests;
  readonly desired: DesiredMemo;
  readonly record: RecordEvent;
  readonly images: ImageDefaults;
  readonly operatorNamespace: string;
  readonly monitoringKinds: ReadonlySet<string>;
  readonly randomSeed: () => Buffer;
  /** ISO 8601, whole seconds. */
  readonly now: () => string;
}
