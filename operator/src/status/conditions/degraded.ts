import { isCrashLooping, readJob, unpullableImages } from "../read-objects.ts";
import { childNamed, databaseJobs, type Finding, type View } from "../view.ts";

/** The longest list of complaints a person reads. */
const COMPLAINTS_MAX = 10;

/** Something is wrong that won't mend itself. */
export function degraded(view: View): Finding {
  const type = "Degraded";
  const rejection = rejectionOf(view);
  const complaints = [
    ...(rejection === undefined ? [] : [rejection]),
    ...view.failures.map(({ child, message }) => `${child}: ${message}`),
    ...view.secretProblems.map(({ message }) => message),
    ...failedJobs(view),
    ...podComplaints(view),
  ];
  const [first] = complaints;
  if (first === undefined) {
    return { type, status: "False", reason: "AsExpected", message: "Nothing is wrong." };
  }
  const reason = view.failures[0]?.reason ?? reasonOf(view, rejection);
  const rest = complaints.length - COMPLAINTS_MAX;
  const message =
    complaints.slice(0, COMPLAINTS_MAX).join(" ") + (rest > 0 ? ` And ${rest} more.` : "");
  return { type, status: "True", reason, message };
}

function reasonOf({ secretProblems }: View, rejection: string | undefined): string {
  if (secretProblems.length > 0) return "SecretIncomplete";
  return rejection === undefined ? "WorkloadFailing" : "RevisionRejected";
}

/** What the spec asks for was tried and given up; asked for by a person it is as it should be. */
function rejectionOf({ rollout }: View): string | undefined {
  if (rollout?.rejectedRevision === undefined || rollout.isRequested === true) return undefined;
  const stand =
    rollout.phase === "Stopped"
      ? "The rollout has stopped there: change the spec, or go back with jatractl rollback."
      : `Revision ${rollout.revision} has its place until the spec changes.`;
  return `${rollout.message} ${stand}`;
}

function failedJobs(view: View): string[] {
  return databaseJobs(view)
    .filter((name) => readJob(childNamed(view, "Job", name)) === "failed")
    .map((name) => `Job ${name} failed: see its log, delete it to try again.`);
}

function podComplaints(view: View): string[] {
  const images = new Set(view.pods.flatMap(unpullableImages));
  const crashing = new Set(
    view.pods.filter(isCrashLooping).map((pod) => pod.labels["app"] ?? pod.name),
  );
  return [
    ...[...images].map((image) => `Image ${image} can't be pulled: load or push it.`),
    ...[...crashing].map((app) => `${app} crashes at its start: see its log.`),
  ];
}
