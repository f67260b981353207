import { z } from "zod";
import type { ObservedObject } from "../metadata/observed-object.ts";

const workload = z.object({
  spec: z.object({ replicas: z.int().default(1) }),
  metadata: z.object({ generation: z.int().default(0) }),
  status: z
    .object({
      observedGeneration: z.int().default(0),
      replicas: z.int().default(0),
      readyReplicas: z.int().default(0),
      updatedReplicas: z.int().default(0),
    })
    .default({ observedGeneration: 0, replicas: 0, readyReplicas: 0, updatedReplicas: 0 }),
});

export interface Workload {
  readonly desired: number;
  readonly ready: number;
  readonly updated: number;
  /** The controller has seen the newest template and all pods run it. */
  readonly settled: boolean;
}

/** Replica counts of a Deployment or StatefulSet; all zero when it isn't there. */
export function readWorkload(object: ObservedObject | undefined): Workload {
  if (object === undefined) return { desired: 0, ready: 0, updated: 0, settled: false };
  const { spec, metadata, status } = workload.parse(object.raw);
  return {
    desired: spec.replicas,
    ready: status.readyReplicas,
    updated: status.updatedReplicas,
    settled:
      status.observedGeneration >= metadata.generation &&
      status.updatedReplicas >= spec.replicas &&
      status.replicas <= status.updatedReplicas,
  };
}

const conditions = z
  .array(
    z.object({
      type: z.string(),
      status: z.string(),
      reason: z.string().optional(),
      message: z.string().optional(),
    }),
  )
  .default([]);

const job = z.object({
  status: z
    .object({ conditions, failed: z.int().default(0) })
    .default({ conditions: [], failed: 0 }),
});

export type JobState = "absent" | "running" | "complete" | "failed";

export function readJob(object: ObservedObject | undefined): JobState {
  if (object === undefined) return "absent";
  const holds = (type: string) =>
    job
      .parse(object.raw)
      .status.conditions.some((one) => one.type === type && one.status === "True");
  if (holds("Complete")) return "complete";
  return holds("Failed") ? "failed" : "running";
}

/** How many pods of a Job have failed. */
export function readFailures(object: ObservedObject | undefined): number {
  return object === undefined ? 0 : job.parse(object.raw).status.failed;
}

const autoscaler = z.object({
  spec: z.object({ minReplicas: z.int().default(1), maxReplicas: z.int() }),
  status: z
    .object({
      currentReplicas: z.int().default(0),
      currentMetrics: z
        .array(
          z.object({
            resource: z
              .object({ current: z.object({ averageUtilization: z.int().optional() }) })
              .optional(),
          }),
        )
        .nullish(),
      conditions,
    })
    .default({ currentReplicas: 0, conditions: [] }),
});

export interface Autoscaler {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly currentReplicas: number;
  readonly currentCPU: number | undefined;
  /** Whether it gets figures and acts on them; the reason where it doesn't. */
  readonly active: boolean;
  readonly reason: string;
}

export function readAutoscaler(object: ObservedObject | undefined): Autoscaler | undefined {
  if (object === undefined) return undefined;
  const { spec, status } = autoscaler.parse(object.raw);
  const scaling = status.conditions.find((condition) => condition.type === "ScalingActive");
  return {
    minReplicas: spec.minReplicas,
    maxReplicas: spec.maxReplicas,
    currentReplicas: status.currentReplicas,
    currentCPU: status.currentMetrics?.find((metric) => metric.resource !== undefined)?.resource
      ?.current.averageUtilization,
    active: scaling?.status === "True",
    reason: scaling?.reason ?? "NoFiguresYet",
  };
}

const pod = z.object({
  status: z
    .object({
      containerStatuses: z
        .array(
          z.object({
            image: z.string().default(""),
            restartCount: z.int().default(0),
            state: z
              .object({
                waiting: z
                  .object({ reason: z.string().default(""), message: z.string().default("") })
                  .optional(),
              })
              .default({}),
          }),
        )
        .default([]),
    })
    .default({ containerStatuses: [] }),
});

const PULL_FAILURES = new Set(["ErrImagePull", "ImagePullBackOff", "InvalidImageName"]);

/** Images a pod can't get, as its containers ask for them. */
export function unpullableImages(object: ObservedObject): readonly string[] {
  return pod
    .parse(object.raw)
    .status.containerStatuses.filter((status) =>
      PULL_FAILURES.has(status.state.waiting?.reason ?? ""),
    )
    .map((status) => status.image);
}

/** Images of the pod's containers that die again and again. */
export function crashingImages(object: ObservedObject): readonly string[] {
  return pod
    .parse(object.raw)
    .status.containerStatuses.filter(
      (status) => status.state.waiting?.reason === "CrashLoopBackOff",
    )
    .map((status) => status.image);
}

export function isCrashLooping(object: ObservedObject): boolean {
  return crashingImages(object).length > 0;
}

const balancer = z.object({
  status: z
    .object({
      loadBalancer: z
        .object({
          ingress: z
            .array(z.object({ ip: z.string().optional(), hostname: z.string().optional() }))
            .default([]),
        })
        .default({ ingress: [] }),
    })
    .default({ loadBalancer: { ingress: [] } }),
});

/** Address that a load balancer gave a Service, or a controller an Ingress. */
export function balancerAddress(object: ObservedObject | undefined): string | undefined {
  if (object === undefined) return undefined;
  const [first] = balancer.parse(object.raw).status.loadBalancer.ingress;
  return first?.hostname ?? first?.ip;
}
