import { readJob, readWorkload } from "../read-objects.ts";
import { childNamed, databaseJobs, type Finding, type View } from "../view.ts";

/** Something is still on its way to what the spec asks for. */
export function progressing(view: View): Finding {
  const type = "Progressing";
  const { rollout, platform } = view;
  const isRolling = rollout?.phase === "Rolling" || rollout?.phase === "RollingBack";
  if (isRolling && !platform.paused) {
    const reason = rollout.phase === "Rolling" ? "RollingOut" : "RollingBack";
    return { type, status: "True", reason, message: rollout.message };
  }
  const moving = [...migrating(view), ...rolling(view)];
  if (moving.length === 0 || view.platform.paused) {
    const message = "Nothing is being rolled out.";
    return { type, status: "False", reason: "Settled", message };
  }
  const message = `On its way: ${moving.join(", ")}.`;
  return { type, status: "True", reason: "RollingOut", message };
}

function migrating(view: View): string[] {
  const jobs = databaseJobs(view);
  return jobs.filter((name) => {
    const state = readJob(childNamed(view, "Job", name));
    return state === "absent" || state === "running";
  });
}

function rolling(view: View): string[] {
  return view.platform.services
    .map(({ facts }) => facts.name)
    .filter((name) => !readWorkload(childNamed(view, "Deployment", name)).settled);
}
