import type { Queryable } from "@jatra/common/database/queryable.ts";
import { rowsOf } from "@jatra/common/database/rows-of.ts";
import { createBatches } from "@jatra/common/service/create-batches.ts";
import type { LockRecord } from "../domain/lock-record.ts";
import type { LockStore, Payer } from "../domain/lock-store.ts";
import { lockColumns, type LockRow } from "./lock-row.ts";
import { answersTo, moveLocks } from "./move-locks.ts";

/** A payment normally starts and ends well within a minute; only then it is worth asking booking-service. */
const RESOLVE_AFTER_SECONDS = 60;

/** Read together, written together, where bookings come together: what was read by one statement is taken into payment by one. */
const READS = { itemsMax: 64, runningMax: 2, crowdMs: 5 } as const;
const PAYMENTS = { itemsMax: 32, runningMax: 2 } as const;

/** Locks in seat_db. */
export const createLockStore = (database: Queryable): LockStore => {
  const pay = createBatches((wishes: readonly Payment[]) => payHolds(database, wishes), PAYMENTS);
  return {
    find: createBatches((lockIds: readonly string[]) => findLocks(database, lockIds), READS),
    extend: async (...request) => extendHold(database, ...request),
    release: async (lockId) => releaseHold(database, lockId),
    pay: (lockId, payer) => pay({ lockId, ...payer }),
  };
};

const findStatement = `SELECT ${lockColumns("locks")}
  FROM locks JOIN ${rowsOf("asked", { id: "uuid" })} ON lock_id = asked.id`;

const findLocks = async (
  database: Queryable,
  lockIds: readonly string[],
): Promise<(LockRecord | undefined)[]> => {
  const { rows } = await database.query<LockRow>({
    name: "lock-find",
    text: findStatement,
    values: [lockIds],
  });
  const byId = new Map(rows.map((lock) => [lock.lockId, lock]));
  return lockIds.map((lockId) => byId.get(lockId));
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

type Payment = Payer & { readonly lockId: string };

const payStatement = moveLocks({
  update: `UPDATE locks SET state = 'PAYING', booking_id = payment.booking_id,
      resolve_at = now() + make_interval(secs => ${RESOLVE_AFTER_SECONDS})
    FROM ${rowsOf("payment", {
      lock_id: "uuid",
      booking_id: "uuid",
      user_id: "text",
      token_hash: "bytea",
      state: "text",
    })}
    WHERE locks.lock_id = payment.lock_id AND locks.state = payment.state AND expires_at > now()
      AND (locks.user_id = payment.user_id
        OR (locks.user_id IS NULL AND locks.token_hash = payment.token_hash))`,
  to: "PAYING",
  // Seats in payment count as held, so nothing changes for readers.
  seen: false,
});

/** HELD → PAYING where the payer owns the lock and it hasn't expired; `undefined` otherwise. */
const payHolds = async (
  database: Queryable,
  payments: readonly Payment[],
): Promise<(LockRecord | undefined)[]> => {
  const { rows } = await database.query<LockRow>({
    name: "lock-pay",
    text: payStatement,
    values: [
      payments.map(({ lockId }) => lockId),
      payments.map(({ bookingId }) => bookingId),
      payments.map(({ userId }) => userId),
      payments.map(({ tokenHash }) => tokenHash ?? null),
      // By parameter: by name, it would lead the planner to the index of all that is held.
      payments.map(() => "HELD"),
    ],
  });
  return answersTo(payments, rows);
};
