import { connectionBudget } from "../../../desired/connection-budget.ts";
import type { Platform, PlatformService } from "../../../desired/platform.ts";
import { readAutoscaler } from "../../../status/read-objects.ts";
import { found, type Ailment, type Check } from "../evidence.ts";

/** At its maximum and still above its target: more load only means longer answers. */
export const autoscalerAtMaximum: Check = {
  name: "autoscalers",
  examine: ({ platform, children }) =>
    found(
      platform.services.flatMap((service): Ailment[] => {
        const { facts, autoscaling } = service;
        const scaler = readAutoscaler(children.get(`HorizontalPodAutoscaler/${facts.name}`));
        if (autoscaling === undefined || scaler === undefined) return [];
        if (scaler.currentReplicas < scaler.maxReplicas) return [];
        const target = autoscaling.targetCPUUtilizationPercentage;
        const isBusy = (scaler.currentCPU ?? 0) > target;
        return [
          {
            severity: isBusy ? "problem" : "warning",
            what:
              `${facts.name} is at its maximum of ${scaler.maxReplicas} pods, CPU ` +
              `${scaler.currentCPU ?? "unknown"} % of the request, aim ${target} %.`,
            todo: [raise(platform, service)],
          },
        ];
      }),
    ),
};

/** The next maximum costs connections: says how many there are. */
function raise(platform: Platform, { facts, poolSize }: PlatformService): string {
  const field = `spec.services.${facts.key}.autoscaling.maxReplicas`;
  if (poolSize === 0) return `Raise ${field}.`;
  const { clientsMax, clientsNeeded } = connectionBudget(platform);
  const left = clientsMax - clientsNeeded;
  const more = Math.max(0, Math.floor(left / poolSize));
  return (
    `Raise ${field}: each pod needs ${poolSize} of the ${left} client connections that are left, ` +
    `so by ${more} at most unless pgbouncer.maxClientConnections grows too.`
  );
}
