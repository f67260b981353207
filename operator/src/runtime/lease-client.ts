import { z } from "zod";
import type { ApiClient } from "./api-client.ts";
import { isConflict, isNotFound } from "./api-error.ts";
import type { FoundLease, LeaseRecord } from "./lease-state.ts";

/** A call that takes half of the leader's deadline is given up, so that another can be tried. */
const CALL_DEADLINE_MS = 5000;

const lease = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  spec: z
    .object({
      holderIdentity: z.string().nullish(),
      leaseDurationSeconds: z.int().nullish(),
      acquireTime: z.string().nullish(),
      renewTime: z.string().nullish(),
      leaseTransitions: z.int().nullish(),
    })
    .default({}),
});

export interface LeaseName {
  readonly namespace: string;
  readonly name: string;
}

/** The Lease as it is now; undefined when there is none. */
export async function readLease(
  client: ApiClient,
  where: LeaseName,
): Promise<FoundLease | undefined> {
  try {
    const path = leasePath(where);
    return parsed(await client.call({ method: "GET", path, deadlineMs: CALL_DEADLINE_MS }));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/**
 * Writes the record, provided that the Lease is still as it was found (or still isn't there).
 * Answers undefined when somebody else was quicker.
 */
export async function writeLease(
  client: ApiClient,
  where: LeaseName,
  found: FoundLease | undefined,
  record: LeaseRecord,
): Promise<FoundLease | undefined> {
  const isNew = found === undefined;
  try {
    const answer = await client.call({
      method: isNew ? "POST" : "PUT",
      path: isNew ? collectionPath(where) : leasePath(where),
      body: {
        apiVersion: "coordination.k8s.io/v1",
        kind: "Lease",
        metadata: { ...where, ...(!isNew && { resourceVersion: found.resourceVersion }) },
        spec: {
          holderIdentity: record.holder,
          leaseDurationSeconds: record.durationSeconds,
          acquireTime: record.acquireTime,
          renewTime: record.renewTime,
          leaseTransitions: record.transitions,
        },
      },
      deadlineMs: CALL_DEADLINE_MS,
    });
    return parsed(answer);
  } catch (error) {
    if (isConflict(error) || isNotFound(error)) return undefined;
    throw error;
  }
}

function parsed(answer: unknown): FoundLease {
  const { metadata, spec } = lease.parse(answer);
  return {
    resourceVersion: metadata.resourceVersion,
    record: {
      holder: spec.holderIdentity ?? "",
      durationSeconds: spec.leaseDurationSeconds ?? 0,
      acquireTime: spec.acquireTime ?? "",
      renewTime: spec.renewTime ?? "",
      transitions: spec.leaseTransitions ?? 0,
    },
  };
}

function collectionPath({ namespace }: LeaseName): string {
  return `/apis/coordination.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/leases`;
}

function leasePath(where: LeaseName): string {
  return `${collectionPath(where)}/${encodeURIComponent(where.name)}`;
}
