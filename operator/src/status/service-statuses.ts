import type { ServiceStatus } from "../api/status.ts";
import { readAutoscaler, readWorkload } from "./read-objects.ts";
import { childNamed, type View } from "./view.ts";

/** One line a service: pods, image, and what its HPA does. */
export function serviceStatuses(view: View): ServiceStatus[] {
  return view.platform.services.map(({ facts, image }) => {
    const { ready, desired, updated } = readWorkload(childNamed(view, "Deployment", facts.name));
    const scaler = readAutoscaler(childNamed(view, "HorizontalPodAutoscaler", facts.name));
    return {
      name: facts.name,
      ready,
      desired,
      updated,
      image,
      ...(scaler !== undefined && {
        autoscaling: {
          minReplicas: scaler.minReplicas,
          maxReplicas: scaler.maxReplicas,
          currentReplicas: scaler.currentReplicas,
          ...(scaler.currentCPU !== undefined && {
            currentCPUUtilizationPercentage: scaler.currentCPU,
          }),
        },
      }),
    };
  });
}
