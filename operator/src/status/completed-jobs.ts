import { readJob } from "./read-objects.ts";
import { childNamed, databaseJobs, type PreviousStatus, type View } from "./view.ts";

/**
 * Jobs of this platform's content, present or of the revision it may go back to, that are done, now or at any time before. Their
 * names carry a hash of what they do and of the volume they did it to, so a name stands for one piece of work for ever; names
 * that nobody will ask for again go.
 */
export function completedJobs(view: View, previous: PreviousStatus): string[] {
  const before = new Set(previous?.completedJobs);
  const names = [...databaseJobs(view), ...view.keptJobs];
  const wanted = [...new Set(names)];
  return wanted.filter(
    (name) => before.has(name) || readJob(childNamed(view, "Job", name)) === "complete",
  );
}
