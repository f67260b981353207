import { ANNOTATION_TEMPLATE } from "../metadata/labels.ts";
import type { ObservedObject } from "../metadata/observed-object.ts";
import { migrationApp } from "../desired/migration-jobs.ts";
import type { Templates } from "../desired/workload-template.ts";
import { crashingImages, readJob, readWorkload, unpullableImages } from "../status/read-objects.ts";
import type { WorkloadHealth } from "./advance.ts";

export interface Observation {
  /** By `Kind/name`. */
  readonly children: ReadonlyMap<string, ObservedObject>;
  readonly pods: readonly ObservedObject[];
  /** Name of the migration Job of each service, for the image on its way. */
  readonly migrationJobs: ReadonlyMap<string, string>;
}

/** How the workloads of a revision are doing. Pure. */
export function workloadHealth(
  observation: Observation,
  target: Templates,
): ReadonlyMap<string, WorkloadHealth> {
  const { children } = observation;
  return new Map(
    [...target].map(([name, template]) => {
      const object = children.get(`Deployment/${name}`) ?? children.get(`StatefulSet/${name}`);
      const { desired, ready, settled } = readWorkload(object);
      const image = template.spec.containers[0]?.image ?? "";
      const health: WorkloadHealth = {
        template: object?.annotations[ANNOTATION_TEMPLATE],
        isReady: object !== undefined && settled && ready >= desired,
        complaint: complaintOf(observation, name, image),
      };
      return [name, health] as const;
    }),
  );
}

function complaintOf(observation: Observation, name: string, image: string): string | undefined {
  const job = observation.migrationJobs.get(name);
  if (job !== undefined && readJob(observation.children.get(`Job/${job}`)) === "failed") {
    return `Job ${job} failed`;
  }
  // Pods of before may be what the new revision mends: only those of its own image count.
  const apps = [name, migrationApp(name)];
  const pods = observation.pods.filter(({ labels }) => apps.includes(labels["app"] ?? ""));
  const isOurs = (found: string) => found.endsWith(image);
  if (pods.flatMap(unpullableImages).some(isOurs)) return `image ${image} can't be pulled`;
  if (pods.flatMap(crashingImages).some(isOurs)) return `${name} crashes at its start`;
  return undefined;
}
