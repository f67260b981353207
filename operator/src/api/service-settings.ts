import { z } from "zod";
import { imageReference, labelMap, objectName, quantity, resources, validated } from "./fields.ts";

const scalingPolicy = z.object({
  type: z.enum(["Pods", "Percent"]).describe("Whether value counts pods or percent of them."),
  value: z.int().min(1).max(1000).describe("The most that may change within periodSeconds."),
  periodSeconds: z.int().min(1).max(1800).describe("The stretch of time that value is for."),
});

const scalingRules = z.object({
  stabilizationWindowSeconds: z
    .int()
    .min(0)
    .max(3600)
    .optional()
    .describe("How far back recommendations are looked at; the most careful one counts."),
  selectPolicy: z
    .enum(["Max", "Min", "Disabled"])
    .optional()
    .describe("Which of several policies counts; Disabled: no change in this direction."),
  policies: z.array(scalingPolicy).max(4).optional().describe("Limits of speed."),
});

const autoscaling = z
  .object({
    enabled: z.boolean().optional().describe("Whether an HPA sets the replicas. Default true."),
    minReplicas: z
      .int()
      .min(1)
      .max(100)
      .optional()
      .describe(
        "Fewest pods. Default by service: gateway 3, seat-reservation 5, payment and booking 3, others 2.",
      ),
    maxReplicas: z
      .int()
      .min(1)
      .max(100)
      .optional()
      .describe(
        "Most pods; the pools of all services at their maxima must fit pgbouncer.maxClientConnections. Default by service: 10, 15 or 20.",
      ),
    targetCPUUtilizationPercentage: z
      .int()
      .min(1)
      .max(100)
      .optional()
      .describe(
        "CPU that pods should use, in percent of their request. Default by service: 60, 65 or 70.",
      ),
    behavior: z
      .object({
        scaleUp: scalingRules.optional().describe("Rules for more pods."),
        scaleDown: scalingRules.optional().describe("Rules for fewer pods."),
      })
      .optional()
      .describe("How fast replicas may change; as in autoscaling/v2."),
  })
  .meta(
    validated({
      rule: "!has(self.minReplicas) || !has(self.maxReplicas) || self.minReplicas <= self.maxReplicas",
      message:
        "autoscaling.minReplicas is greater than autoscaling.maxReplicas: lower the first or raise the second",
    }),
  )
  .describe("The service's HorizontalPodAutoscaler.");

const toleration = z.object({
  key: z.string().max(253).optional().describe("Key of the taint; without one all of them."),
  operator: z.enum(["Exists", "Equal"]).optional().describe("Default Equal."),
  value: z.string().max(63).optional().describe("Value of the taint, for operator Equal."),
  effect: z
    .enum(["NoSchedule", "PreferNoSchedule", "NoExecute"])
    .optional()
    .describe("Effect of the taint; without one all of them."),
  tolerationSeconds: z
    .int()
    .min(0)
    .max(86_400)
    .optional()
    .describe("How long a NoExecute taint is borne. Default for ever."),
});

const environmentVariable = z
  .object({
    name: z
      .string()
      .min(1)
      .max(128)
      .regex(/^[A-Z_][A-Z0-9_]*$/)
      .describe("Its name, in capitals."),
    value: z.string().max(4096).optional().describe("Its value, where it isn't secret."),
    secretKeyRef: z
      .object({
        name: objectName.describe("Name of the Secret."),
        key: z.string().min(1).max(253).describe("Key in it."),
      })
      .optional()
      .describe(
        "Its value, out of a Secret in the resource's namespace; pods restart when that changes.",
      ),
  })
  .meta(
    validated({
      rule: "has(self.value) != has(self.secretKeyRef)",
      message: "env: give each variable either value or secretKeyRef, not both and not neither",
    }),
  );

/** What may be set for one service; all of it optional. */
export const serviceSettings = z
  .object({
    image: imageReference.optional().describe("Full reference; overrides spec.image."),
    replicas: z
      .int()
      .min(0)
      .max(100)
      .optional()
      .describe("Fixed number of pods; only without autoscaling."),
    autoscaling: autoscaling.optional(),
    resources: resources.optional(),
    env: z
      .array(environmentVariable)
      .max(32)
      .optional()
      .describe("More variables; the operator's own can't be replaced."),
    development: z
      .boolean()
      .optional()
      .describe(
        "Code that can be changed in the running container and starts again by itself. For the inner loop only. Default false.",
      ),
    nodeSelector: labelMap(16).optional().describe("Labels of the nodes its pods may run on."),
    tolerations: z
      .array(toleration)
      .max(16)
      .optional()
      .describe("Taints of nodes that its pods bear."),
    priorityClassName: objectName
      .optional()
      .describe("PriorityClass of its pods: who gives way when a node is full."),
  })
  .meta(
    validated({
      rule: "!has(self.replicas) || (has(self.autoscaling) && has(self.autoscaling.enabled) && !self.autoscaling.enabled)",
      message:
        "replicas is set by the HPA: set autoscaling.enabled to false to fix it, or autoscaling.minReplicas instead",
    }),
  );

export type ServiceSettings = z.infer<typeof serviceSettings>;
export type ScalingBehavior = NonNullable<z.infer<typeof autoscaling>["behavior"]>;

/** A volume of an embedded store. */
export const storage = z
  .object({
    size: quantity
      .optional()
      .describe(
        "It may grow later, where the class allows it. Default 10Gi for PostgreSQL, 2Gi for Redis, 5Gi for RabbitMQ.",
      ),
    storageClassName: objectName.optional().describe("Default: the cluster's."),
  })
  .meta(
    validated({
      rule: "!has(oldSelf.size) || (has(self.size) && quantity(self.size).compareTo(quantity(oldSelf.size)) >= 0)",
      message: "storage.size can't shrink: a volume can only grow; set it to the old size or more",
    }),
  )
  .describe("The volume of the store's data.");
