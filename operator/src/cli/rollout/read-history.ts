import { z } from "zod";
import type { PlatformResource } from "../../api/platform.ts";
import type { RolloutStatus } from "../../api/rollout.ts";
import { readRevision } from "../../controller/rollout/revisions.ts";
import { stableJson } from "../../desired/content-hash.ts";
import { templateHash, type Templates } from "../../desired/workload-template.ts";
import type { RevisionSettings } from "../../desired/revision-settings.ts";
import { LABEL_INSTANCE, REVISION_SELECTOR } from "../../metadata/labels.ts";
import { collectionPath, REVISION_KIND } from "../../metadata/resource-kinds.ts";
import type { Session } from "../session.ts";

export interface HistoryEntry {
  readonly revision: number;
  readonly version: string;
  readonly createdAt: string;
  /** What it is to the platform now. */
  readonly state:
    | "in place"
    | "on its way"
    | "coming back"
    | "stopped"
    | "last good"
    | "rejected"
    | "";
  /** The revision in place when it was made, if that is still kept. */
  readonly previous: number | undefined;
  /** Workloads whose pods differ from that one (all of them where there is none), and the pool's settings where they do. */
  readonly changed: readonly string[];
}

const list = z.object({
  items: z.array(z.looseObject({ metadata: z.looseObject({ creationTimestamp: z.string() }) })),
});

/** All revisions that are kept, oldest first. */
export async function readHistory(
  { client }: Pick<Session, "client">,
  { metadata, status }: PlatformResource,
): Promise<HistoryEntry[]> {
  const path = collectionPath(REVISION_KIND, metadata.namespace);
  const labelSelector = `${REVISION_SELECTOR},${LABEL_INSTANCE}=${metadata.name}`;
  const { items } = list.parse(
    await client.call({ method: "GET", path, query: { labelSelector } }),
  );
  const revisions = items
    .map((item) => ({ ...readRevision(item), createdAt: item.metadata.creationTimestamp }))
    .toSorted((left, right) => left.number - right.number);
  return revisions.map(({ number, previous, version, createdAt, templates, settings }) => {
    const before = revisions.find((revision) => revision.number === previous);
    return {
      revision: number,
      previous: before?.number,
      version,
      createdAt,
      state: stateOf(number, status?.rollout),
      changed: [
        ...changedSince(before?.templates, templates),
        ...(isChanged(before?.settings, settings) ? ["settings of the pool"] : []),
      ],
    };
  });
}

const ON_ITS_WAY = {
  Installing: "on its way",
  Rolling: "on its way",
  Stopped: "stopped",
  RollingBack: "coming back",
  RolledBack: "in place",
  Settled: "in place",
} as const satisfies Record<RolloutStatus["phase"], HistoryEntry["state"]>;

function stateOf(number: number, rollout: RolloutStatus | undefined): HistoryEntry["state"] {
  if (rollout === undefined) return "";
  if (number === rollout.revision) return ON_ITS_WAY[rollout.phase];
  if (number === rollout.goodRevision) return "last good";
  return number === rollout.rejectedRevision ? "rejected" : "";
}

/** Unknown in those that an older operator has written. */
function isChanged(before: RevisionSettings | undefined, now: RevisionSettings | undefined) {
  return before !== undefined && now !== undefined && stableJson(before) !== stableJson(now);
}

function changedSince(before: Templates | undefined, now: Templates): string[] {
  return [...now].flatMap(([name, template]) => {
    const old = before?.get(name);
    return old !== undefined && templateHash(old) === templateHash(template) ? [] : [name];
  });
}
