import type { PlatformResource } from "../../api/platform.ts";
import type { RolloutStatus } from "../../api/rollout.ts";
import { budgetRefusal } from "../../desired/budget-refusal.ts";
import type { Context } from "../../desired/context.ts";
import { desired } from "../../desired/index.ts";
import { migrationJobName } from "../../desired/migration-jobs.ts";
import { withPinnedImages } from "../../desired/pinned-template.ts";
import { templatesOf, type Templates } from "../../desired/workload-template.ts";
import type { Platform } from "../../desired/platform.ts";
import { settingsOf, withSettings } from "../../desired/revision-settings.ts";
import { LABEL_TEMPLATES } from "../../metadata/labels.ts";
import type { ObservedObject } from "../../metadata/observed-object.ts";
import { advance, suspended } from "../../rollout/advance.ts";
import { chooseTarget } from "../../rollout/choose-target.ts";
import type { GateReading } from "../../rollout/judge-gates.ts";
import { isTakenBack, pinsOf } from "../../rollout/pins-of.ts";
import { readRollbackRequest } from "../../rollout/rollback-request.ts";
import { wishOf } from "../../rollout/wish.ts";
import { workloadHealth } from "../../rollout/workload-health.ts";
import type { ApiClient } from "../../runtime/api-client.ts";
import type { Snapshot } from "../observe.ts";
import { remove } from "../prune.ts";
import {
  numberOf,
  revisionHash,
  revisionsIn,
  writeRevision,
  type RevisionReader,
} from "./revisions.ts";

export interface RolloutTools {
  readonly client: ApiClient;
  readonly revisions: RevisionReader;
  /** All revisions of the platform, asked from the server. */
  readonly listRevisions: () => Promise<readonly ObservedObject[]>;
  readonly learn: (object: ObservedObject) => void;
  readonly readGates: () => Promise<GateReading | undefined>;
  readonly now: () => string;
}

export interface Followed {
  /** With the images of the pinned templates, and settings of the revision that it was taken back to. */
  readonly platform: Platform;
  readonly pins: Templates;
  readonly rollout: RolloutStatus;
  /** Migrations of the revisions that the platform may go back to. */
  readonly keptJobs: readonly string[];
}

/**
 * Finds out which revision each workload is to have now, making a revision where the spec says
 * something new about pods, and taking the next step of a rollout. Writes revisions only: the
 * step itself is written by the caller, before anything is done about it.
 */
export async function followRollout(
  tools: RolloutTools,
  resource: PlatformResource,
  fresh: Context,
  before: Snapshot,
): Promise<Followed> {
  const { platform } = fresh;
  const known = revisionsIn(before.children.values(), platform);
  const chosen = await choose(tools, resource, fresh, known);
  const { target, good } = await templatesFor(tools, chosen.state, chosen.known);
  const isHeld = platform.paused || budgetRefusal(platform) !== undefined;
  const state = isHeld
    ? suspended(chosen.state)
    : await takeStep(tools, {
        resource,
        fresh,
        before,
        state: chosen.state,
        target: target.templates,
        good,
      });
  // A step may have changed the target, back to the good revision.
  const final = await templatesFor(tools, state, chosen.known);
  const pins = pinsOf(state, final.good, final.target.templates);
  const found = isTakenBack(state) ? withSettings(platform, final.target.settings) : platform;
  if (!platform.paused) await forgetOld(tools, state, chosen.known);
  return {
    platform: { ...withPinnedImages(found, pins), version: final.target.version },
    pins,
    rollout: state,
    keptJobs: [final.good, final.target.templates].flatMap((templates) => [
      ...migrationJobsOf(fresh, templates).values(),
    ]),
  };
}

async function choose(
  tools: RolloutTools,
  resource: PlatformResource,
  fresh: Context,
  seen: readonly ObservedObject[],
) {
  const { annotations } = resource.metadata;
  const wish = wishOf(resource.spec, annotations);
  const written = resource.status?.rollout;
  const isThere = seen.some((one) => numberOf(one) === written?.revision);
  // Paused, nothing new is begun; but a platform without its revision needs one to be described by.
  const isNew = written?.wish !== wish && !(fresh.platform.paused && isThere);
  // A watch may be behind: numbers are given, and revisions missed, by the server's word alone.
  const known = isNew || !isThere ? revisionsIn(await tools.listRevisions(), fresh.platform) : seen;
  const previous = withoutLost(written, known);
  const isLost = previous?.wish !== written?.wish;
  const found = isNew || isLost ? await revisionFor(tools, fresh, known, previous) : undefined;
  const all = found?.known ?? known;
  const asked = readRollbackRequest(annotations, wish);
  const exists = all.some((revision) => numberOf(revision) === asked?.revision);
  const state = chooseTarget({
    previous,
    wish,
    candidate: found?.number,
    request: exists ? asked : undefined,
    now: tools.now(),
  });
  return { state, known: all };
}

/** Revisions that somebody deleted can't be gone back to; without its target, a rollout begins anew. */
function withoutLost(
  state: RolloutStatus | undefined,
  known: readonly ObservedObject[],
): RolloutStatus | undefined {
  if (state === undefined) return undefined;
  const exists = (number: number | undefined) => known.some((one) => numberOf(one) === number);
  const { goodRevision, ...rest } = state;
  const kept =
    exists(goodRevision) && goodRevision !== undefined ? { ...rest, goodRevision } : rest;
  return exists(state.revision) ? kept : { ...kept, wish: "" };
}

/** The revision of what the spec says now: one that is there already, or a new one. */
async function revisionFor(
  tools: RolloutTools,
  fresh: Context,
  known: readonly ObservedObject[],
  state: RolloutStatus | undefined,
) {
  const templates = templatesOf(desired(fresh));
  const settings = settingsOf(fresh.platform);
  const hash = revisionHash({ templates, settings });
  const same = known.find(({ labels }) => labels[LABEL_TEMPLATES] === hash);
  if (same !== undefined) return { number: numberOf(same), known };
  const number = Math.max(0, ...known.map(numberOf)) + 1;
  const inPlace = state?.goodRevision ?? state?.revision;
  const { platform } = fresh;
  const written = await writeRevision(tools.client, platform, {
    number,
    previous: known.map(numberOf).find((one) => one === inPlace),
    version: platform.version,
    templates,
    settings,
  });
  tools.learn(written);
  return { number, known: [...known, written] };
}

async function templatesFor(
  tools: RolloutTools,
  { revision, goodRevision }: RolloutStatus,
  known: readonly ObservedObject[],
) {
  const read = async (number: number) => {
    const object = known.find((one) => numberOf(one) === number);
    return object === undefined ? undefined : await tools.revisions.read(object);
  };
  const target = await read(revision);
  if (target === undefined) throw new Error(`Revision ${revision} is not there.`);
  const good = goodRevision === undefined ? undefined : await read(goodRevision);
  return { target, good: good?.templates ?? new Map() };
}

interface Step {
  readonly resource: PlatformResource;
  readonly fresh: Context;
  readonly before: Snapshot;
  readonly state: RolloutStatus;
  readonly target: Templates;
  readonly good: Templates;
}

async function takeStep(tools: RolloutTools, step: Step): Promise<RolloutStatus> {
  const { resource, fresh, before, state, target, good } = step;
  const settings = fresh.platform.rollout;
  const isGuarded = settings.isPhased || settings.autoRollback;
  const needsFigures = state.phase === "Rolling" && isGuarded && settings.gates !== undefined;
  const observation = { ...before, migrationJobs: migrationJobsOf(fresh, target) };
  const ready = resource.status?.conditions?.find(({ type }) => type === "Ready");
  return advance({
    state,
    settings,
    good,
    target,
    health: workloadHealth(observation, target),
    isPlatformReady: ready?.status === "True",
    reading: needsFigures ? await tools.readGates() : undefined,
    now: tools.now(),
  });
}

function migrationJobsOf(fresh: Context, templates: Templates): ReadonlyMap<string, string> {
  const platform = withPinnedImages(fresh.platform, templates);
  return new Map(
    platform.services.flatMap((service) =>
      service.facts.database === undefined
        ? []
        : [[service.facts.name, migrationJobName({ ...fresh, platform }, service)] as const],
    ),
  );
}

/** As many as a person would look back; each holds all pod templates, about 60 kB. */
const HISTORY_MAX = 10;

/** Deletes the oldest revisions beyond the limit, never one that is in use or remembered. */
async function forgetOld(
  tools: RolloutTools,
  { revision, goodRevision, rejectedRevision }: RolloutStatus,
  known: readonly ObservedObject[],
): Promise<void> {
  const needed = new Set([revision, goodRevision]);
  const idle = known.filter((object) => !needed.has(numberOf(object)));
  tools.revisions.forget(idle.map(({ uid }) => uid));
  const inUse = new Set([...needed, rejectedRevision]);
  const surplus = known.slice(0, Math.max(0, known.length - HISTORY_MAX));
  for (const object of surplus.filter((one) => !inUse.has(numberOf(one)) && !one.deleting)) {
    await remove(tools.client, object);
  }
}
