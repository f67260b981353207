import type { PlatformStatus } from "../../api/status.ts";
import { MANAGED_SELECTOR } from "../../metadata/labels.ts";
import { observed } from "../../metadata/observed-object.ts";
import { kindNamed } from "../../metadata/resource-kinds.ts";
import { ApiError } from "../../runtime/api-error.ts";
import { readAutoscaler } from "../../status/read-objects.ts";
import type { Session } from "../session.ts";
import { listAll } from "../take-snapshot.ts";

const SCALER = kindNamed("HorizontalPodAutoscaler");

/** CPU that each autoscaler sees now, by name; empty for who may not read them. */
export async function liveFigures(
  { client }: Pick<Session, "client">,
  namespace: string,
): Promise<ReadonlyMap<string, number>> {
  try {
    const found = await listAll(client, SCALER, namespace, MANAGED_SELECTOR);
    return new Map(
      found.flatMap((item) => {
        const object = observed(SCALER.kind, item);
        const cpu = readAutoscaler(object)?.currentCPU;
        return cpu === undefined ? [] : [[object.name, cpu] as const];
      }),
    );
  } catch (error) {
    if (error instanceof ApiError && error.statusCode === 403) return new Map();
    throw error;
  }
}

type Status = Partial<PlatformStatus> | undefined;

/** The status with the present figures in place of those that were told last (see status/steady-figures). */
export function withLiveFigures(status: Status, figures: ReadonlyMap<string, number>): Status {
  if (status?.services === undefined) return status;
  return {
    ...status,
    services: status.services.map((service) => {
      const cpu = figures.get(service.name);
      if (cpu === undefined || service.autoscaling === undefined) return service;
      const autoscaling = { ...service.autoscaling, currentCPUUtilizationPercentage: cpu };
      return { ...service, autoscaling };
    }),
  };
}
