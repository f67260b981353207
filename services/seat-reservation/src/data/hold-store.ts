import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { Stretch } from "../domain/stretch.ts";
import { lockColumns, type LockRow } from "./lock-row.ts";
import { moveLocks } from "./move-locks.ts";

export type NewHold = {
  readonly lockId: string;
  readonly journeyId: string;
  readonly userId: string | null;
  readonly tokenHash: Buffer;
  readonly seatIds: readonly string[];
  readonly stretch: Stretch;
  readonly ttlSeconds: number;
};

/** The unique index refused: somebody else's live claim is on this seat. */
export class SeatTakenError extends Error {
  override readonly name = "SeatTakenError";
  readonly seatId: string;

  constructor(seatId: string, cause: unknown) {
    super(`seat ${seatId} is taken`, { cause });
    this.seatId = seatId;
  }
}

/**
 * Lock, claims and the note for readers in one statement, so in one round trip and all or nothing without BEGIN. Claims go
 * in sorted, so two requests for the same seats wait for each other in one direction only. No ON CONFLICT: a refusal
 * has to undo the whole statement, and the error names the seat.
 */
const insertStatement = `
  WITH noted AS (INSERT INTO seat_changes (journey_id) VALUES ($2)),
  claimed AS (
    INSERT INTO claims (journey_id, seat_id, leg, lock_id, state)
    SELECT $2, seat_id, leg, $1, 'HELD'
    FROM unnest($5::text[]) AS seat_id CROSS JOIN generate_series($6::int, $7::int - 1) AS leg
    ORDER BY seat_id, leg
  )
  INSERT INTO locks (lock_id, journey_id, user_id, token_hash, seat_ids, from_seq, to_seq,
    from_code, to_code, state, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'HELD', now() + make_interval(secs => $10))
  RETURNING ${lockColumns("locks")}`;

/** Answers the end of the hold. Throws `SeatTakenError`; then nothing was written. */
export const insertHold = async (database: Queryable, hold: NewHold): Promise<Date> => {
  const { lockId, journeyId, userId, tokenHash, seatIds, stretch, ttlSeconds } = hold;
  const seats = [seatIds, stretch.fromSeq, stretch.toSeq, stretch.from, stretch.to];
  try {
    const { rows } = await database.query<LockRow>({
      name: "hold-insert",
      text: insertStatement,
      values: [lockId, journeyId, userId, tokenHash, ...seats, ttlSeconds],
    });
    const row = rows[0];
    if (!row) throw new Error("a hold was inserted without an answer");
    return row.expiresAt;
  } catch (error) {
    throw takenSeatOf(error) ?? error;
  }
};

/** PostgreSQL's detail reads, in any language, `… (journey_id, seat_id, leg)=(test-journey, seat-1, 0) …`. */
const takenSeatOf = (error: unknown): SeatTakenError | undefined => {
  if (!(error instanceof Error && "constraint" in error && "detail" in error)) return undefined;
  if (error.constraint !== "claims_one_owner") return undefined;
  const seatId = /=\([^,]+, ([^,]+), \d+\)/.exec(String(error.detail))?.[1];
  return new SeatTakenError(seatId ?? "unknown", error);
};

const retireStatement = moveLocks({
  before: `in_the_way AS (
    SELECT lock_id FROM locks
    WHERE state = 'HELD' AND expires_at <= now() AND lock_id IN (
      SELECT lock_id FROM claims
      WHERE journey_id = $1 AND seat_id = ANY ($2::text[]) AND leg >= $3 AND leg < $4
        AND state = 'HELD')
    ORDER BY lock_id FOR UPDATE)`,
  update: `UPDATE locks SET state = 'EXPIRED' FROM in_the_way
    WHERE locks.lock_id = in_the_way.lock_id AND locks.state = 'HELD'`,
  to: "EXPIRED",
  seen: true,
});

/** Retires the overdue holds that overlap; answers how many. Locks rows in sorted order. */
export const retireOverdue = async (
  database: Queryable,
  hold: Pick<NewHold, "journeyId" | "seatIds" | "stretch">,
): Promise<number> => {
  const { rowCount } = await database.query<LockRow>({
    name: "hold-retire",
    text: retireStatement,
    values: [hold.journeyId, hold.seatIds, hold.stretch.fromSeq, hold.stretch.toSeq],
  });
  return rowCount ?? 0;
};
