import { readJob } from "./read-objects.ts";
import { childNamed, type PreviousStatus, type View } from "./view.ts";

/**
 * Jobs of this platform's present content that are done, now or at any time before. Their names carry a hash of what they do
 * and of the volume they did it to, so a name stands for one piece of work for ever; names that are no longer wanted go.
 */
export function completedJobs(view: View, previous: PreviousStatus): string[] {
  const before = new Set(previous?.completedJobs);
  const wanted = [view.bootstrapJob, ...view.migrationJobs.values()];
  return wanted.filter(
    (name) => before.has(name) || readJob(childNamed(view, "Job", name)) === "complete",
  );
}
