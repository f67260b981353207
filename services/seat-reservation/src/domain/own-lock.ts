import { Problem } from "@jatra/common/http/problem.ts";
import type { LockRecord } from "./lock-record.ts";
import { owns, type Caller } from "./lock-owner.ts";

/** The lock, if it is the caller's. Throws `not_found` otherwise: other people's locks don't exist. */
export const ownLock = (lock: LockRecord | undefined, caller: Caller): LockRecord => {
  if (!lock || !owns(lock, caller)) throw new Problem("not_found");
  return lock;
};

/** Throws what keeps a lock from being changed: `lock_in_payment` or `lock_expired`. */
export const requireHeld = ({ status }: LockRecord): void => {
  if (status === "PAYING" || status === "SOLD") throw new Problem("lock_in_payment");
  if (status !== "HELD") throw new Problem("lock_expired");
};
