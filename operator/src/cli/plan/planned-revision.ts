import type { PlatformResource } from "../../api/platform.ts";
import type { RolloutStatus } from "../../api/rollout.ts";
import {
  numberOf,
  revisionsIn,
  RevisionReader,
  type Revision,
  templatesHash,
} from "../../controller/rollout/revisions.ts";
import type { Context } from "../../desired/context.ts";
import { desired } from "../../desired/index.ts";
import { templatesOf, type Templates } from "../../desired/workload-template.ts";
import type { RevisionSettings } from "../../desired/revision-settings.ts";
import type { ObservedObject } from "../../metadata/observed-object.ts";
import { isTakenBack, pinsOf } from "../../rollout/pins-of.ts";
import { wavesOf } from "../../rollout/waves.ts";
import { wishOf } from "../../rollout/wish.ts";
import type { ApiClient } from "../../runtime/api-client.ts";
import type { LiveSnapshot } from "../take-snapshot.ts";

export interface PlannedRevision {
  readonly pins: Templates;
  /** Of the revision that the platform was taken back to; undefined: as the spec has them. */
  readonly settings?: RevisionSettings | undefined;
  readonly notes: readonly string[];
}

/**
 * Which pod templates the operator would end up with: those of the revision in place as long as
 * the spec means the same, otherwise new ones, and by which waves.
 */
export async function plannedRevision(
  client: ApiClient,
  resource: PlatformResource,
  fresh: Context,
  snapshot: LiveSnapshot,
): Promise<PlannedRevision> {
  const state = resource.status?.rollout;
  const revisions = revisionsIn(snapshot.children.values(), fresh.platform);
  const reader = new RevisionReader(client);
  const read = async (number: number | undefined) =>
    await revisionNumbered(reader, revisions, number);
  const wanted = templatesOf(desired(fresh));
  if (state === undefined) return { pins: wanted, notes: [] };
  const target = await read(state.revision);
  const good = (await read(state.goodRevision))?.templates;
  const isSameWish = wishOf(resource.spec, resource.metadata.annotations) === state.wish;
  if (isSameWish && target !== undefined) {
    const pins = pinsOf(state, good ?? new Map(), target.templates);
    const settings = isTakenBack(state) ? target.settings : undefined;
    return { pins, settings, notes: notesOnState(state) };
  }
  const isKnown = target !== undefined && templatesHash(target.templates) === templatesHash(wanted);
  if (isKnown) return { pins: wanted, notes: [] };
  const waves = good === undefined ? [] : wavesOf(fresh.platform.rollout, good, wanted);
  const route = waves.map((wave) => wave.join(", ")).join(" → ");
  const note = waves.length > 1 ? ` It rolls in ${waves.length} waves: ${route}.` : "";
  return { pins: wanted, notes: [`The pods' templates make a new revision.${note}`] };
}

async function revisionNumbered(
  reader: RevisionReader,
  revisions: readonly ObservedObject[],
  number: number | undefined,
): Promise<Revision | undefined> {
  const found = revisions.find((one) => numberOf(one) === number);
  return found === undefined ? undefined : await reader.read(found);
}

function notesOnState(state: RolloutStatus): string[] {
  return state.phase === "Settled" ? [] : [state.message];
}
