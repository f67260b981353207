import { deleteInBatches } from "@jatra/common/database/delete-in-batches.ts";
import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { LockRecord } from "../domain/lock-record.ts";
import type { LockRow } from "./lock-row.ts";
import { moveLocks } from "./move-locks.ts";

/** Some ms of row locks; a sweeper goes on while batches are full. */
export const OVERDUE_BATCH = 200;
/** Each is a call to booking-service. */
const RESOLVE_BATCH = 50;
/** Nobody else asks about these locks meanwhile; if we die, another pod asks then. */
const RESOLVE_LEASE_SECONDS = 30;

const expireStatement = moveLocks({
  before: `overdue AS (
    SELECT lock_id FROM locks WHERE state = 'HELD' AND expires_at <= now()
    ORDER BY expires_at LIMIT ${OVERDUE_BATCH} FOR UPDATE SKIP LOCKED)`,
  update: `UPDATE locks SET state = 'EXPIRED' FROM overdue
    WHERE locks.lock_id = overdue.lock_id AND locks.state = 'HELD'`,
  to: "EXPIRED",
  seen: true,
});

/** HELD → EXPIRED for a batch of overdue locks. */
export const expireOverdue = async (database: Queryable): Promise<LockRecord[]> => {
  const { rows } = await database.query<LockRow>({ name: "sweep-expire", text: expireStatement });
  return rows;
};

export type UnresolvedLock = { readonly lockId: string; readonly bookingId: string };

/** Leases locks whose booking should have ended by now. */
export const leaseUnresolved = async (database: Queryable): Promise<UnresolvedLock[]> => {
  const { rows } = await database.query<UnresolvedLock>(
    `UPDATE locks SET resolve_at = now() + make_interval(secs => $1)
     WHERE lock_id IN (
       SELECT lock_id FROM locks WHERE state = 'PAYING' AND resolve_at <= now()
       ORDER BY resolve_at LIMIT $2 FOR UPDATE SKIP LOCKED)
     RETURNING lock_id AS "lockId", booking_id AS "bookingId"`,
    [RESOLVE_LEASE_SECONDS, RESOLVE_BATCH],
  );
  return rows;
};

/** Of these locks, the ones that have ended for good; ids of locks that aren't known (yet) are left out. */
export const findEndedLocks = async (
  database: Queryable,
  lockIds: readonly string[],
): Promise<string[]> => {
  const { rows } = await database.query<{ lockId: string }>(
    `SELECT lock_id AS "lockId" FROM locks
     WHERE lock_id = ANY ($1::uuid[]) AND (state IN ('RELEASED', 'EXPIRED')
       OR (state = 'HELD' AND expires_at <= now()))`,
    [lockIds],
  );
  return rows.map(({ lockId }) => lockId);
};

/** A week: long enough for any question about a hold, and past every idempotent answer that names one. */
const KEEP_ENDED_DAYS = 7;

/** Deletes all locks that ended long ago; answers how many. */
export const forgetEnded = (database: Queryable): Promise<number> =>
  deleteInBatches(
    database,
    `DELETE FROM locks WHERE lock_id IN (
       SELECT lock_id FROM locks
       WHERE state IN ('RELEASED', 'EXPIRED') AND expires_at < now() - make_interval(days => $2)
       LIMIT $1 FOR UPDATE SKIP LOCKED)`,
    KEEP_ENDED_DAYS,
  );

/** Invariants of this database, each a count that must be 0; the design's I1, I4 and I5. */
export type Violations = { readonly I1: number; readonly I4: number; readonly I5: number };

export const countViolations = async (database: Queryable): Promise<Violations> => {
  const { rows } = await database.query<Violations>(
    `SELECT
       (SELECT count(*) FROM (
         SELECT 1 FROM claims WHERE state IN ('HELD', 'PAYING', 'SOLD')
         GROUP BY journey_id, seat_id, leg HAVING count(*) > 1) AS doubles) AS "I1",
       (SELECT count(*) FROM locks
         WHERE state = 'HELD' AND expires_at < now() - interval '10 seconds') AS "I4",
       (SELECT count(*) FROM (
         SELECT 1 FROM locks LEFT JOIN claims ON claims.lock_id = locks.lock_id
           AND claims.journey_id = locks.journey_id AND claims.state = locks.state
         WHERE locks.state IN ('HELD', 'PAYING', 'SOLD')
         GROUP BY locks.lock_id
         HAVING count(claims.seat_id) <> cardinality(locks.seat_ids) * (locks.to_seq - locks.from_seq)
       ) AS partial) AS "I5"`,
  );
  const row = rows[0];
  if (!row) throw new Error("counting answered nothing");
  return row;
};
