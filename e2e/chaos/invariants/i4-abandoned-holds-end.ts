import type { Snapshot } from "../reading/snapshot.ts";

/** A sweeper looks each 5 s; ten leave room for a slow run. */
const GRACE_MS = 10_000;

/** I4: a hold that nobody went on with is over, claims and all, 10 s after its end. */
export const i4AbandonedHoldsEnd = ({ at, locks, claims }: Snapshot): string[] => {
  const overdue = locks.filter(
    ({ state, expiresAt }) => state === "HELD" && expiresAt.getTime() + GRACE_MS < at.getTime(),
  );
  return overdue.map(({ lockId, expiresAt }) => {
    const seats = claims.filter((claim) => claim.lockId === lockId).length;
    return `lock ${lockId} ended at ${expiresAt.toISOString()} and still has ${seats} claims`;
  });
};
