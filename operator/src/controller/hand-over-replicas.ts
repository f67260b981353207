import { z } from "zod";
import type { Child } from "../desired/manifest.ts";
import { FIELD_MANAGER, REPLICAS_MANAGER } from "../metadata/labels.ts";
import type { ObservedObject } from "../metadata/observed-object.ts";
import type { ApiClient } from "../runtime/api-client.ts";
import { serverSideApply } from "../runtime/server-side-apply.ts";

const replicasOf = z.object({ spec: z.object({ replicas: z.int() }) });

/**
 * Replicas of a Deployment under an HPA belong to the HPA. An applied field that is left out
 * later is removed with its last owner, and a Deployment without replicas falls back to one pod;
 * so before we leave it out, a second manager owns it too. That one never applies again: the
 * first write of the HPA (or of a person) simply takes the field.
 */
export async function handOverReplicas(
  client: ApiClient,
  child: Child,
  object: ObservedObject,
): Promise<void> {
  if (child.replicasAtCreation === undefined) return;
  if (object.replicaOwners.some((owner) => owner !== FIELD_MANAGER)) return;
  const { spec } = replicasOf.parse(object.raw);
  const { apiVersion, kind, metadata } = child.manifest;
  await serverSideApply(
    client,
    {
      apiVersion,
      kind,
      metadata: { name: metadata.name, namespace: metadata.namespace },
      spec: { replicas: spec.replicas },
    },
    { fieldManager: REPLICAS_MANAGER, force: true },
  );
}

/** The manifest a Deployment is created with: with the replicas an HPA will take over. */
export function manifestAtCreation(child: Child) {
  if (child.replicasAtCreation === undefined) return child.manifest;
  const spec = z.record(z.string(), z.unknown()).parse(child.manifest["spec"]);
  return { ...child.manifest, spec: { ...spec, replicas: child.replicasAtCreation } };
}
