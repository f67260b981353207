import { fieldOf } from "../client/journal.ts";
import type { ClaimRow, LockRow, Snapshot } from "../reading/snapshot.ts";
import { groupBy } from "./group-by.ts";

/**
 * I5: no lock request leaves a part of its seats held. A live lock has a claim for each of its seats on each of its legs, an
 * ended one none, a claim always has a lock; and whoever was told «held» got all that was asked.
 */
export const i5WholeHolds = ({ locks, claims, journal }: Snapshot): string[] => {
  const claimsOf = groupBy(claims, ({ lockId }) => lockId);
  const known = new Set(locks.map(({ lockId }) => lockId));
  const orphans = [...claimsOf.keys()].filter((lockId) => !known.has(lockId));
  const unwritten = journal
    .filter(({ action, status }) => action === "acquire" && status === 201)
    .map((entry) => fieldOf(entry, "lockId") ?? "without id")
    .filter((lockId) => !known.has(lockId));
  return [
    ...locks.flatMap((lock) => compare(lock, claimsOf.get(lock.lockId) ?? [])),
    ...orphans.map((lockId) => `claims of lock ${lockId}, which is none`),
    ...unwritten.map((lockId) => `lock ${lockId} was answered and is not there`),
  ];
};

const compare = (lock: LockRow, claims: readonly ClaimRow[]): string[] => {
  const live = lock.state === "HELD" || lock.state === "PAYING" || lock.state === "SOLD";
  const wanted = live ? placesOf(lock) : [];
  const found = claims.map(({ seatId, leg, state }) => `${seatId}/${leg} ${state}`).sort();
  if (wanted.join() === found.join()) return [];
  return [`lock ${lock.lockId} (${lock.state}) has [${found.join()}], not [${wanted.join()}]`];
};

const placesOf = ({ seatIds, fromSeq, toSeq, state }: LockRow): string[] =>
  seatIds
    .flatMap((seatId) =>
      Array.from({ length: toSeq - fromSeq }, (_, leg) => `${seatId}/${fromSeq + leg} ${state}`),
    )
    .sort();
