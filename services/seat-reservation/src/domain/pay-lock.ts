import { Problem } from "@jatra/common/http/problem.ts";
import type { LockRecord } from "./lock-record.ts";
import type { LockStore, Payer } from "./lock-store.ts";
import { ownLock, requireHeld } from "./own-lock.ts";
import type { SeatMarkers } from "./seat-markers.ts";

type Request = { readonly lockId: string; readonly payer: Payer };

/**
 * HELD → PAYING for a booking, if the payer owns the lock and it hasn't expired by PostgreSQL's clock. A repeat for the same
 * booking answers the same, also after the sale. Throws `not_found`, `lock_expired`, `lock_in_payment` (another booking's).
 */
export const payLock = async (
  { locks, markers }: { readonly locks: LockStore; readonly markers: SeatMarkers },
  { lockId, payer }: Request,
): Promise<LockRecord> => {
  const paid = await locks.pay(lockId, payer);
  if (!paid) return readForBooking({ locks }, { lockId, payer }, "PAYING");
  await markers.extend(paid, 0);
  return paid;
};

/**
 * The lock for a booking that is about to pay it, unchanged. `least` says what it must have come to: HELD is enough for
 * pricing, not as an answer to `payLock`. Throws like it.
 */
export const readForBooking = async (
  { locks }: { readonly locks: LockStore },
  { lockId, payer }: Request,
  least: "HELD" | "PAYING" = "HELD",
): Promise<LockRecord> => {
  const lock = ownLock(await locks.find(lockId), payer);
  const inPayment = lock.status === "PAYING" || lock.status === "SOLD";
  if (inPayment && lock.bookingId === payer.bookingId) return lock;
  requireHeld(lock);
  // Not payable a moment ago, HELD now: it ran out between the two clocks' readings.
  if (least === "PAYING") throw new Problem("lock_expired");
  return lock;
};
