import type { Child, Gate } from "../desired/manifest.ts";
import { readJob, readWorkload } from "../status/read-objects.ts";
import type { ObservedObject } from "../metadata/observed-object.ts";

/** Whether everything a child waits for is there. */
export function mayApply(child: Child, children: ReadonlyMap<string, ObservedObject>): boolean {
  return child.after.every((gate) => isOpen(gate, children));
}

function isOpen(gate: Gate, children: ReadonlyMap<string, ObservedObject>): boolean {
  if ("complete" in gate) {
    return readJob(children.get(`${gate.complete}/${gate.name}`)) === "complete";
  }
  return readWorkload(children.get(`${gate.ready}/${gate.name}`)).ready > 0;
}
