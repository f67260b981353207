import { observed, type ObservedObject } from "../../src/metadata/observed-object.ts";

export const UID = "00000000-0000-4000-8000-000000000001";

interface Shape {
  readonly kind: string;
  readonly name: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly ownerUid?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly managedFields?: readonly object[];
  readonly [field: string]: unknown;
}

/** An object in namespace `jatra`, as a watch would bring it. */
export function observedObject(shape: Shape): ObservedObject {
  const { kind, name, uid, resourceVersion, ownerUid, labels, managedFields, ...rest } = shape;
  return observed(kind, {
    ...rest,
    metadata: {
      name,
      namespace: "jatra",
      uid: uid ?? `uid-of-${name}`,
      resourceVersion: resourceVersion ?? "1",
      generation: 1,
      labels: labels ?? {
        "app.kubernetes.io/managed-by": "jatra-operator",
        "app.kubernetes.io/instance": "jatra",
      },
      ...(ownerUid !== undefined && { ownerReferences: [{ uid: ownerUid }] }),
      ...(managedFields !== undefined && { managedFields }),
    },
  });
}

/** A Deployment or StatefulSet with the given number of ready pods. */
export function workload(kind: string, name: string, ready: number, desired = 1): ObservedObject {
  return observedObject({
    kind,
    name,
    ownerUid: UID,
    spec: { replicas: desired },
    status: {
      observedGeneration: 1,
      replicas: desired,
      readyReplicas: ready,
      updatedReplicas: desired,
    },
  });
}

export function finishedJob(name: string, type: "Complete" | "Failed"): ObservedObject {
  return observedObject({
    kind: "Job",
    name,
    ownerUid: UID,
    status: { conditions: [{ type, status: "True" }] },
  });
}

export function byKey(objects: readonly ObservedObject[]): ReadonlyMap<string, ObservedObject> {
  return new Map(objects.map((object) => [`${object.kind}/${object.name}`, object]));
}
