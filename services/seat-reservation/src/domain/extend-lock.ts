import { Problem } from "@jatra/common/http/problem.ts";
import type { LockRecord } from "./lock-record.ts";
import type { Caller } from "./lock-owner.ts";
import type { LockStore } from "./lock-store.ts";
import { ownLock, requireHeld } from "./own-lock.ts";
import type { SeatMarkers } from "./seat-markers.ts";

/**
 * Gives a lock a later end: the database first, then Redis with exactly the time that the database answered. Throws
 * `not_found`, `lock_expired`, `lock_in_payment`, and `hold_limit_reached` where the lock can't grow any older.
 */
export const extendLock = async (
  { locks, markers }: { readonly locks: LockStore; readonly markers: SeatMarkers },
  request: {
    readonly lockId: string;
    readonly caller: Caller;
    readonly ttlSeconds: number;
    readonly maxHoldSeconds: number;
  },
): Promise<LockRecord> => {
  const { lockId, caller, ttlSeconds, maxHoldSeconds } = request;
  const before = ownLock(await locks.find(lockId), caller);
  requireHeld(before);
  const extended = await locks.extend(lockId, ttlSeconds, maxHoldSeconds);
  // Between the two statements it was paid, released or ran out: the second look tells which.
  if (!extended) requireHeld(ownLock(await locks.find(lockId), caller));
  if (!extended) throw new Problem("lock_expired");
  await markers.extend(extended, extended.remainingMs);
  const wanted = ttlSeconds * 1000 > before.remainingMs;
  const unchanged = extended.expiresAt.getTime() === before.expiresAt.getTime();
  if (wanted && unchanged) throw new Problem("hold_limit_reached");
  return extended;
};
