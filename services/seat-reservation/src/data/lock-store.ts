import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { LockRecord } from "../domain/lock-record.ts";
import type { LockStore, Payer } from "../domain/lock-store.ts";
import { lockColumns, type LockRow } from "./lock-row.ts";
import { moveLocks } from "./move-locks.ts";

/** A payment normally starts and ends well within a minute; only then it is worth asking booking-service. */
const RESOLVE_AFTER_SECONDS = 60;

/** Locks in seat_db. */
export const createLockStore = (database: Queryable): LockStore => ({
  find: async (lockId) => findLock(database, lockId),
  extend: async (...request) => extendHold(database, ...request),
  release: async (lockId) => releaseHold(database, lockId),
  pay: async (lockId, payer) => payHold(database, lockId, payer),
});

const findStatement = `SELECT ${lockColumns("locks")} FROM locks WHERE lock_id = $1`;

const findLock = async (database: Queryable, lockId: string): Promise<LockRecord | undefined> => {
  const values = [lockId];
  const { rows } = await database.query<LockRow>({
    name: "lock-find",
    text: findStatement,
    values,
  });
  return rows[0];
};

const extendStatement = `
  UPDATE locks SET expires_at = greatest(expires_at,
    least(now() + make_interval(secs => $2), created_at + make_interval(secs => $3)))
  WHERE lock_id = $1 AND state = 'HELD' AND expires_at > now()
  RETURNING ${lockColumns("locks")}`;

/** Ends the lock `ttlSeconds` from now, never earlier than before, never past `maxHoldSeconds` from its first second. */
const extendHold = async (
  database: Queryable,
  lockId: string,
  ttlSeconds: number,
  maxHoldSeconds: number,
): Promise<LockRecord | undefined> => {
  const { rows } = await database.query<LockRow>({
    name: "lock-extend",
    text: extendStatement,
    values: [lockId, ttlSeconds, maxHoldSeconds],
  });
  return rows[0];
};

const releaseStatement = moveLocks({
  update: "UPDATE locks SET state = 'RELEASED' WHERE lock_id = $1 AND state = 'HELD'",
  to: "RELEASED",
  seen: true,
});

/** HELD → RELEASED; `undefined` where the lock wasn't HELD. */
const releaseHold = async (
  database: Queryable,
  lockId: string,
): Promise<LockRecord | undefined> => {
  const { rows } = await database.query<LockRow>({
    name: "lock-release",
    text: releaseStatement,
    values: [lockId],
  });
  return rows[0];
};

const payStatement = moveLocks({
  update: `UPDATE locks SET state = 'PAYING', booking_id = $2,
      resolve_at = now() + make_interval(secs => ${RESOLVE_AFTER_SECONDS})
    WHERE lock_id = $1 AND state = 'HELD' AND expires_at > now()
      AND (user_id = $3 OR (user_id IS NULL AND token_hash = $4))`,
  to: "PAYING",
  // Seats in payment count as held, so nothing changes for readers.
  seen: false,
});

/** HELD → PAYING if the payer owns the lock and it hasn't expired; `undefined` otherwise. */
const payHold = async (
  database: Queryable,
  lockId: string,
  payer: Payer,
): Promise<LockRecord | undefined> => {
  const { rows } = await database.query<LockRow>({
    name: "lock-pay",
    text: payStatement,
    values: [lockId, payer.bookingId, payer.userId, payer.tokenHash ?? null],
  });
  return rows[0];
};
