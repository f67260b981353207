import { readJob } from "../read-objects.ts";
import { serviceStatuses } from "../service-statuses.ts";
import { childNamed, type Finding, type View } from "../view.ts";

/** Every service has its minimum of ready pods. */
export function servicesReady(view: View): Finding {
  const type = "ServicesReady";
  const minima = new Map(
    view.platform.services.map((service) => [
      service.facts.name,
      service.autoscaling?.minReplicas ?? service.replicas,
    ]),
  );
  const lacking = serviceStatuses(view)
    .filter((service) => service.ready < (minima.get(service.name) ?? 0))
    .map((service) => {
      const why = migrationNote(view, service.name);
      return `${service.name} ${service.ready}/${minima.get(service.name) ?? 0}${why}`;
    });
  if (lacking.length === 0) {
    const message = "Every service has its minimum of ready pods.";
    return { type, status: "True", reason: "MinimumReached", message };
  }
  const message = `Not enough ready pods: ${lacking.join(", ")}.`;
  return { type, status: "False", reason: "BelowMinimum", message };
}

function migrationNote(view: View, name: string): string {
  const job = view.migrationJobs.get(name);
  if (job === undefined) return "";
  const state = readJob(childNamed(view, "Job", job));
  if (state === "failed") return " (migration failed)";
  return state === "complete" ? "" : " (waits for its migration)";
}
