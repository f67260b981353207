import type { PlatformStatus, ServiceStatus } from "../api/status.ts";
import { stableJson } from "../desired/content-hash.ts";
import type { Platform } from "../desired/platform.ts";
import type { PreviousStatus } from "./view.ts";

/** The autoscaler lets CPU be this far from its target without acting (kube-controller-manager's default). */
const TOLERANCE = 0.1;

/**
 * The status with the CPU figures of before, where these are all that is new in it. An autoscaler looks every 15 s and sees another
 * figure each time: telling every one was 25 writes a minute for twelve of them on a platform that nobody used, and each wakes whoever
 * watches the resource. A figure is news where it has crossed the line above which the autoscaler asks for more pods, and all are told
 * anew together with anything else. Steps of ten points would not do: on requests of 25m the idle figures moved by up to 24.
 * The metrics and `jatractl status` have the figures of now.
 */
export function steadyFigures(
  platform: Platform,
  status: PlatformStatus,
  previous: PreviousStatus,
): PlatformStatus {
  const before = new Map(previous?.services?.map((service) => [service.name, service]));
  const targets = new Map<string, number>(
    platform.services.flatMap(({ facts, autoscaling }) =>
      autoscaling === undefined
        ? []
        : [[facts.name, autoscaling.targetCPUUtilizationPercentage] as const],
    ),
  );
  const kept = {
    ...status,
    services: status.services?.map((service) =>
      withFigureOf(before.get(service.name), service, targets.get(service.name) ?? 0),
    ),
  };
  return stableJson(kept) === stableJson(previous) ? kept : status;
}

function withFigureOf(
  before: ServiceStatus | undefined,
  now: ServiceStatus,
  target: number,
): ServiceStatus {
  const told = before?.autoscaling?.currentCPUUtilizationPercentage;
  const found = now.autoscaling?.currentCPUUtilizationPercentage;
  if (now.autoscaling === undefined || told === undefined || found === undefined) return now;
  const limit = target * (1 + TOLERANCE);
  if (told > limit !== found > limit) return now;
  return { ...now, autoscaling: { ...now.autoscaling, currentCPUUtilizationPercentage: told } };
}
