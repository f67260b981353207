import { z } from "zod";
import { imageReference, labelMap, objectName, quantity, resources, validated } from "./fields.ts";

const scalingPolicy = z.object({
  type: z.enum(["Pods", "Percent"]),
  value: z.int().min(1).max(1000),
  periodSeconds: z.int().min(1).max(1800),
});

const scalingRules = z.object({
  stabilizationWindowSeconds: z.int().min(0).max(3600).optional(),
  selectPolicy: z.enum(["Max", "Min", "Disabled"]).optional(),
  policies: z.array(scalingPolicy).max(4).optional(),
});

const autoscaling = z
  .object({
    enabled: z.boolean().optional().describe("Whether an HPA sets the replicas. Default true."),
    minReplicas: z.int().min(1).max(100).optional(),
    maxReplicas: z.int().min(1).max(100).optional(),
    targetCPUUtilizationPercentage: z.int().min(1).max(100).optional(),
    behavior: z
      .object({ scaleUp: scalingRules.optional(), scaleDown: scalingRules.optional() })
      .optional()
      .describe("How fast replicas may change; as in autoscaling/v2."),
  })
  .meta(
    validated({
      rule: "!has(self.minReplicas) || !has(self.maxReplicas) || self.minReplicas <= self.maxReplicas",
      message:
        "autoscaling.minReplicas is greater than autoscaling.maxReplicas: lower the first or raise the second",
    }),
  );

const toleration = z.object({
  key: z.string().max(253).optional(),
  operator: z.enum(["Exists", "Equal"]).optional(),
  value: z.string().max(63).optional(),
  effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).optional(),
  tolerationSeconds: z.int().min(0).max(86_400).optional(),
});

const environmentVariable = z
  .object({
    name: z
      .string()
      .min(1)
      .max(128)
      .regex(/^[A-Z_][A-Z0-9_]*$/),
    value: z.string().max(4096).optional(),
    secretKeyRef: z.object({ name: objectName, key: z.string().min(1).max(253) }).optional(),
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
    nodeSelector: labelMap(16).optional(),
    tolerations: z.array(toleration).max(16).optional(),
    priorityClassName: objectName.optional(),
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
    size: quantity.optional(),
    storageClassName: objectName.optional(),
  })
  .meta(
    validated({
      rule: "!has(oldSelf.size) || (has(self.size) && quantity(self.size).compareTo(quantity(oldSelf.size)) >= 0)",
      message: "storage.size can't shrink: a volume can only grow; set it to the old size or more",
    }),
  );
