import { z } from "zod";

/**
 * An object as the API server hands it out, with what the operator never looks at taken away.
 * Everything beside the metadata stays raw and is parsed where it is read.
 */
export interface ObservedObject {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly ownerUids: readonly string[];
  readonly deleting: boolean;
  /** Field managers that own `spec.replicas`. */
  readonly replicaOwners: readonly string[];
  /** The object without managedFields. */
  readonly raw: Readonly<Record<string, unknown>>;
}

const metadataSchema = z.object({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().default(""),
    uid: z.string(),
    resourceVersion: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    annotations: z.record(z.string(), z.string()).default({}),
    deletionTimestamp: z.string().optional(),
    ownerReferences: z.array(z.looseObject({ uid: z.string() })).default([]),
    managedFields: z
      .array(
        z.object({
          manager: z.string().default(""),
          fieldsV1: z.record(z.string(), z.unknown()).optional(),
        }),
      )
      .default([]),
  }),
});

const rawObject = z.record(z.string(), z.unknown());

/** Parses an object of the given kind (items of lists don't carry theirs). */
export function observed(kind: string, value: unknown): ObservedObject {
  const { metadata } = metadataSchema.parse(value);
  const { managedFields, ...kept } = metadata;
  return {
    kind,
    name: metadata.name,
    namespace: metadata.namespace,
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    labels: metadata.labels,
    annotations: metadata.annotations,
    ownerUids: metadata.ownerReferences.map((owner) => owner.uid),
    deleting: metadata.deletionTimestamp !== undefined,
    replicaOwners: managedFields
      .filter(({ fieldsV1 }) => ownsReplicas(fieldsV1))
      .map(({ manager }) => manager),
    raw: { ...rawObject.parse(value), metadata: kept },
  };
}

function ownsReplicas(fields: Readonly<Record<string, unknown>> | undefined): boolean {
  const spec = rawObject.safeParse(fields?.["f:spec"]);
  return spec.success && "f:replicas" in spec.data;
}
