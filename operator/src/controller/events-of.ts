import type { RolloutStatus } from "../api/rollout.ts";
import type { PlatformStatus } from "../api/status.ts";
import type { PreviousStatus } from "../status/view.ts";
import type { ApplyReport } from "./apply-children.ts";
import type { PlatformEvent } from "./event-recorder.ts";

/** What a person would want to be told of this run. Pure. */
export function eventsOf(
  report: ApplyReport,
  declared: readonly string[],
  previous: PreviousStatus,
  status: PlatformStatus,
): PlatformEvent[] {
  const created = report.written.filter(({ outcome }) => outcome === "created");
  const repaired = report.written.filter(({ outcome }) => outcome === "repaired");
  return [
    ...(created.length === 0
      ? []
      : [normal("Created", "Apply", `Made ${listed(created.map(({ child }) => child))}.`)]),
    ...repaired.map(({ child }) =>
      normal("DriftRepaired", "Apply", `${child} had been changed by hand; it was put right.`),
    ),
    ...report.failures.map(({ child, message }) =>
      warning("ApplyFailed", "Apply", `${child}: ${message}`),
    ),
    ...(declared.length === 0
      ? []
      : [normal("TopologyDeclared", "DeclareTopology", `Declared ${listed(declared)}.`)]),
    ...rolloutNews(previous?.rollout, status.rollout),
    ...transitions(previous, status),
  ];
}

const LISTED_MAX = 5;

function listed(names: readonly string[]): string {
  const more = names.length - LISTED_MAX;
  return names.slice(0, LISTED_MAX).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** A step of the rollout is news once: when its phase or its wave is another. */
function rolloutNews(
  before: RolloutStatus | undefined,
  now: RolloutStatus | undefined,
): PlatformEvent[] {
  if (now === undefined || before === undefined) return [];
  const isSame =
    before.phase === now.phase &&
    before.revision === now.revision &&
    before.wave?.join() === now.wave?.join();
  if (isSame) return [];
  const isBad = now.rejectedRevision !== undefined && now.isRequested !== true;
  return [(isBad ? warning : normal)(`Rollout${now.phase}`, "RollOut", now.message)];
}

/** Conditions whose change is news, and which way round is good. */
const NEWS: Readonly<Record<string, "True" | "False">> = {
  Ready: "True",
  Degraded: "False",
  ConnectionBudget: "True",
  AutoscalingReady: "True",
};

function transitions(previous: PreviousStatus, status: PlatformStatus): PlatformEvent[] {
  return (status.conditions ?? []).flatMap((condition) => {
    const good = NEWS[condition.type];
    const before = previous?.conditions?.find(({ type }) => type === condition.type)?.status;
    if (good === undefined || before === condition.status) return [];
    const isGood = condition.status === good;
    // A platform that is just being made isn't ready yet, which is no news.
    if (before === undefined && condition.type !== "Degraded" && !isGood) return [];
    if (before === undefined && condition.type === "Degraded" && isGood) return [];
    const note = `${condition.type} is ${condition.status}: ${condition.message}`;
    return [(isGood ? normal : warning)(`${condition.type}${condition.status}`, "Observe", note)];
  });
}

function normal(reason: string, action: string, note: string): PlatformEvent {
  return { type: "Normal", reason, action, note };
}

function warning(reason: string, action: string, note: string): PlatformEvent {
  return { type: "Warning", reason, action, note };
}
