import { childKey } from "../../controller/apply-children.ts";
import { mayApply } from "../../controller/gates.ts";
import { belongsTo } from "../../controller/ownership.ts";
import { surplus } from "../../controller/prune.ts";
import { strayOperations } from "../../controller/remove-strays.ts";
import { budgetRefusal, isHeldBack } from "../../desired/budget-refusal.ts";
import type { Context } from "../../desired/context.ts";
import { lackedValues } from "../../desired/lacked-values.ts";
import type { Child } from "../../desired/manifest.ts";
import type { Platform } from "../../desired/platform.ts";
import type { ObservedObject } from "../../metadata/observed-object.ts";
import { droppedFields } from "./dropped-fields.ts";
import { addedEntries, fieldChanges, type FieldChange } from "./field-changes.ts";

export interface PlannedChange {
  readonly action: "create" | "change" | "delete" | "foreign";
  /** `Kind/name`. */
  readonly child: string;
  /** What has to be there first and isn't yet. */
  readonly after: readonly string[];
  readonly changes: readonly FieldChange[];
  /** New pods take the place of the old ones. */
  readonly restarts: boolean;
}

export interface Plan {
  readonly changes: readonly PlannedChange[];
  readonly unchanged: number;
}

/** Live objects by `Kind/name`, and what the operator owns of each (fieldsV1). */
export interface Live {
  readonly objects: ReadonlyMap<string, ObservedObject>;
  readonly owned: ReadonlyMap<string, unknown>;
  /** Jobs that the status remembers as done. */
  readonly completedJobs: ReadonlySet<string>;
}

/** What the refused part of a spec waits for. */
const FITTING_BUDGET = "the spec fits the connection budget";

/** What a reconcile would do, in the order in which it would do it. Pure. */
export function makePlan(context: Context, children: readonly Child[], live: Live): Plan {
  const { platform } = context;
  const isRefused = budgetRefusal(platform) !== undefined;
  const waits = (kind: string, labels: Readonly<Record<string, string>>) =>
    isRefused && isHeldBack(platform, kind, labels) ? [FITTING_BUDGET] : [];
  const planned = children.map((child) => {
    const change = plannedChange(platform, child, live);
    if (change === undefined) return undefined;
    const { kind, metadata } = child.manifest;
    const lacked = lackedValues(context, child);
    return { ...change, after: [...change.after, ...waits(kind, metadata.labels), ...lacked] };
  });
  const deletions = surplus(platform, children, live.objects).map(
    ({ kind, name, labels }): PlannedChange => ({
      action: "delete",
      child: `${kind}/${name}`,
      after: waits(kind, labels),
      changes: [],
      restarts: false,
    }),
  );
  const changes = planned.filter((change) => change !== undefined);
  return { changes: [...changes, ...deletions], unchanged: planned.length - changes.length };
}

function plannedChange(platform: Platform, child: Child, live: Live): PlannedChange | undefined {
  const key = childKey(child);
  const object = live.objects.get(key);
  const after = mayApply(child, live.objects, live.completedJobs)
    ? []
    : child.after.map((gate) =>
        "complete" in gate ? `${gate.complete}/${gate.name}` : `${gate.ready}/${gate.name}`,
      );
  const base = { child: key, after, changes: [], restarts: false };
  if (object === undefined) return { ...base, action: "create" };
  if (!belongsTo(platform, object)) return { ...base, action: "foreign" };
  const changes = [
    ...fieldChanges(child.manifest, { ...object.raw, ...typeOf(child) }),
    ...droppedFields(child.manifest, object.raw, live.owned.get(key)).filter(
      ({ path }) => path !== "spec.replicas" || child.replicasAtCreation === undefined,
    ),
    ...strayChanges(child, object),
  ].map((change) => (object.kind === "Secret" ? concealed(change) : change));
  if (changes.length === 0) return undefined;
  const restarts =
    object.kind !== "Job" && changes.some(({ path }) => path.startsWith("spec.template."));
  return { ...base, action: "change", changes, restarts };
}

/** Items of lists don't carry their kind. */
function typeOf({ manifest }: Child) {
  return { apiVersion: manifest.apiVersion, kind: manifest.kind };
}

/** Entries that somebody added and that would run with our Secrets. */
function strayChanges(child: Child, object: ObservedObject): FieldChange[] {
  if (strayOperations(child.manifest, object.raw).length === 0) return [];
  return addedEntries(child.manifest, object.raw);
}

/** A plan is pasted into reviews and kept in logs of CI. */
function concealed({ path, before, after }: FieldChange): FieldChange {
  if (!path.startsWith("data")) return { path, before, after };
  const hide = (value: unknown) => (value === undefined ? undefined : "(secret)");
  return { path, before: hide(before), after: after === before ? hide(after) : hideNew(after) };
}

function hideNew(value: unknown): string | undefined {
  return value === undefined ? undefined : "(another secret)";
}
