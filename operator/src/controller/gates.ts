import type { Child, Gate } from "../desired/manifest.ts";
import { readJob, readWorkload } from "../status/read-objects.ts";
import type { ObservedObject } from "../metadata/observed-object.ts";

/**
 * Whether everything a child waits for is there. `completedJobs` are those the status remembers: a Job that
 * somebody deleted after it had done its work holds nothing back.
 */
export function mayApply(
  child: Pick<Child, "after">,
  children: ReadonlyMap<string, ObservedObject>,
  completedJobs: ReadonlySet<string> = new Set(),
): boolean {
  return child.after.every((gate) => isOpen(gate, children, completedJobs));
}

function isOpen(
  gate: Gate,
  children: ReadonlyMap<string, ObservedObject>,
  completedJobs: ReadonlySet<string>,
): boolean {
  if ("complete" in gate) {
    if (completedJobs.has(gate.name)) return true;
    return readJob(children.get(`${gate.complete}/${gate.name}`)) === "complete";
  }
  return readWorkload(children.get(`${gate.ready}/${gate.name}`)).ready > 0;
}
