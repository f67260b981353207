import { z } from "zod";
import { ANNOTATION_TEMPLATE, LABEL_MANAGED_BY, MANAGED_BY } from "../metadata/labels.ts";
import { REVISION_KIND } from "../metadata/resource-kinds.ts";
import type { ObservedObject } from "../metadata/observed-object.ts";
import { digestOf } from "./object-digest.ts";

const podState = z.object({
  podIP: z.string().optional(),
  conditions: z.array(z.object({ type: z.string(), status: z.string() })).optional(),
  containerStatuses: z
    .array(
      z.object({
        image: z.string().optional(),
        restartCount: z.int().optional(),
        state: z.object({ waiting: z.unknown().optional() }).optional(),
      }),
    )
    .optional(),
});

const body = z.object({
  metadata: z.object({
    generation: z.int().optional(),
    annotations: z.object({ [ANNOTATION_TEMPLATE]: z.string().optional() }).optional(),
  }),
  spec: z
    .object({
      replicas: z.int().optional(),
      minReplicas: z.int().optional(),
      maxReplicas: z.int().optional(),
    })
    .optional(),
  status: z.looseObject({}).optional(),
});

/**
 * What is kept of an object under a platform: what status and rollout read, and a digest of the rest, which tells whether
 * it was changed. Whole, the 134 objects of a platform take 0.35 MB and more, so trimmed 0.12; who wants to mend one asks for it again.
 */
export function trimCopy(object: ObservedObject): ObservedObject {
  if (object.digest !== undefined) return object;
  const { kind, raw } = object;
  // Contents of both are read by name, where they are needed.
  if (kind === REVISION_KIND.kind) return { ...object, raw: {} };
  if (kind === "Secret") return withoutTheirs({ ...object, raw: {} });
  if (kind === "Pod") return { ...object, raw: { status: podState.parse(raw["status"] ?? {}) } };
  const { metadata, spec, status } = body.parse(raw);
  const kept = { metadata, ...(spec !== undefined && { spec }), status: statusOf(kind, status) };
  return { ...object, raw: kept, digest: digestOf(object) };
}

/** A workload's conditions are long, and nobody reads them. */
function statusOf(kind: string, status: Readonly<Record<string, unknown>> = {}): object {
  if (kind !== "Deployment" && kind !== "StatefulSet") return status;
  const { conditions: _, ...counts } = status;
  return counts;
}

/** Secrets of people are watched too; of their labels it only matters that none is ours. */
function withoutTheirs(object: ObservedObject): ObservedObject {
  const isOurs = object.labels[LABEL_MANAGED_BY] === MANAGED_BY;
  return isOurs ? object : { ...object, labels: {}, annotations: {} };
}
