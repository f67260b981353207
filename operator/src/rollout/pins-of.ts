import type { RolloutStatus } from "../api/rollout.ts";
import type { Templates } from "../desired/workload-template.ts";
import { templatesAmid } from "./waves.ts";

/** The template that each workload has to have at this point of the rollout. Pure. */
export function pinsOf(state: RolloutStatus, good: Templates, target: Templates): Templates {
  const isAmid = state.phase === "Rolling" || state.phase === "Stopped";
  if (!isAmid) return target;
  return templatesAmid(good, target, new Set([...(state.moved ?? []), ...(state.wave ?? [])]));
}

/** Whether what the spec says has been given up, for the revision that is in place or coming back. Pure. */
export function isTakenBack({ phase }: RolloutStatus): boolean {
  return phase === "RollingBack" || phase === "RolledBack";
}
