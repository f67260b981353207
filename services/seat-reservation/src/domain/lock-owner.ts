import { timingSafeEqual } from "node:crypto";
import type { LockRecord } from "./lock-record.ts";

/** Who asks about a lock: a signed-in user, or somebody with the hash of a lock token, or both. */
export type Caller = {
  readonly userId: string | undefined;
  readonly tokenHash: Buffer | undefined;
};

/**
 * A signed-in user's lock opens for that user alone, whoever else knows its token; a guest's lock opens by its token alone,
 * also for a user who has signed in since (platform: guest holds).
 */
export const owns = (
  lock: Pick<LockRecord, "userId" | "tokenHash">,
  { userId, tokenHash }: Caller,
): boolean => {
  if (lock.userId !== null) return lock.userId === userId;
  return (
    tokenHash !== undefined &&
    tokenHash.length === lock.tokenHash.length &&
    timingSafeEqual(tokenHash, lock.tokenHash)
  );
};
