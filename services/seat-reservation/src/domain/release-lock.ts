import type { Caller } from "./lock-owner.ts";
import type { LockStore } from "./lock-store.ts";
import { ownLock, requireHeld } from "./own-lock.ts";
import type { SeatMarkers } from "./seat-markers.ts";

/**
 * Lets the seats of a lock go: the database first, so that a crash in between leaves a marker that ends by itself, not a
 * claim without one. A lock that has ended already is fine. Throws `not_found`, `lock_in_payment`.
 */
export const releaseLock = async (
  { locks, markers }: { readonly locks: LockStore; readonly markers: SeatMarkers },
  request: { readonly lockId: string; readonly caller: Caller },
): Promise<void> => {
  const lock = ownLock(await locks.find(request.lockId), request.caller);
  if (lock.status === "RELEASED" || lock.status === "EXPIRED") {
    // Whoever let it go may have died before Redis heard of it: its marker would keep free seats from everybody.
    await markers.release(lock);
    return;
  }
  requireHeld(lock);
  const released = await locks.release(request.lockId);
  if (released) await markers.release(released);
  // Between the two statements it went into payment or ended.
  else await releaseLock({ locks, markers }, request);
};
