import { z } from "zod";
import { rolloutStatus } from "./rollout.ts";

const condition = z.object({
  type: z.string().max(316),
  status: z.enum(["True", "False", "Unknown"]),
  observedGeneration: z.int().min(0).optional(),
  lastTransitionTime: z.string().meta({ format: "date-time" }),
  reason: z.string().max(1024),
  message: z.string().max(32_768),
});

const serviceStatus = z.object({
  name: z.string().max(63),
  ready: z.int().min(0),
  desired: z.int().min(0),
  updated: z.int().min(0),
  image: z.string().max(512),
  autoscaling: z
    .object({
      minReplicas: z.int(),
      maxReplicas: z.int(),
      currentReplicas: z.int(),
      currentCPUUtilizationPercentage: z
        .int()
        .optional()
        .describe(
          "As of the last change of this status; a figure alone is told only when it crosses the target. The HPA has the present one.",
        ),
    })
    .optional(),
});

const connectionBudget = z.object({
  clientsMax: z.int().describe("Clients one PgBouncer pod accepts."),
  clientsNeeded: z.int().describe("Pool size × pods at the maximum, over all services."),
  serversMax: z.int().describe("Connections to PostgreSQL allowed over all PgBouncer pods."),
  serversPerPool: z.int().describe("Connections one PgBouncer pod may open."),
});

/** What the operator reports. */
export const platformStatus = z.object({
  observedGeneration: z.int().min(0).optional(),
  version: z.string().max(128).optional(),
  gatewayURL: z.string().max(512).optional(),
  connectionBudget: connectionBudget.optional(),
  completedJobs: z
    .array(z.string().max(253))
    .max(128)
    .optional()
    .describe("Bootstrap and migrations that are done, also when their Job was deleted since."),
  rollout: rolloutStatus.optional(),
  services: z
    .array(serviceStatus)
    .max(32)
    .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"] })
    .optional(),
  conditions: z
    .array(condition)
    .max(32)
    .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"] })
    .optional(),
});

export type PlatformStatus = z.infer<typeof platformStatus>;
export type ServiceStatus = z.infer<typeof serviceStatus>;
export type Condition = z.infer<typeof condition>;
export type ConnectionBudget = z.infer<typeof connectionBudget>;
