import { z } from "zod";

/**
 * Building blocks of the resource's schema. Each is bounded: CEL's cost estimate multiplies the
 * worst cases, and an API server refuses a CRD whose rules could get too expensive.
 */

/** A Kubernetes resource quantity such as `500m`, `1`, `256Mi`. */
export const quantity = z
  .string()
  .min(1)
  .max(20)
  .regex(/^[0-9]+(\.[0-9]+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?$/);

/** A name of an object in the resource's namespace. */
export const objectName = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);

export const imageReference = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[^\s]+$/);

export const hostName = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[A-Za-z0-9]([-A-Za-z0-9.:]*[A-Za-z0-9])?$/);

export const port = z.int().min(1).max(65_535);

const amounts = z.object({
  cpu: quantity.optional().describe("For example 250m."),
  memory: quantity.optional().describe("For example 256Mi."),
});

export const resources = z
  .object({
    requests: amounts
      .optional()
      .describe("What a pod is given for certain; an HPA's percentage is of it."),
    limits: amounts.optional().describe("What it can't go beyond."),
  })
  .describe("Requests and limits of the container; what is left out keeps its default.");

export const secretReference = z
  .object({ name: objectName.describe("Its name.") })
  .describe("A Secret in the resource's namespace.");

export const labelMap = (entriesMax: number) =>
  z.record(z.string(), z.string().max(63)).meta({ maxProperties: entriesMax });

/** CEL rules as the API server takes them; `message` names the field and what to change. */
export interface CelRule {
  readonly rule: string;
  readonly message: string;
  readonly messageExpression?: string;
}

/** Schema metadata that ends as `x-kubernetes-validations`. */
export function validated(...rules: readonly CelRule[]): { "x-kubernetes-validations": unknown } {
  return { "x-kubernetes-validations": rules };
}
