import type { Queryable } from "@jatra/common/database/queryable.ts";
import { legsOf, type Stretch } from "../domain/stretch.ts";
import type { LockRow } from "./lock-row.ts";
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
 * Locks, claims and the notes for readers in one statement, so in one round trip and all or nothing without BEGIN. Claims go
 * in sorted over all holds, so two statements that want the same seats wait for each other in one direction only. No
 * ON CONFLICT: a refusal has to undo the whole statement, and the error names the seat. JSON, since the driver writes a
 * text faster than a dozen arrays. The claims come one by one: a `generate_series` over the legs of each hold makes the
 * planner expect a million rows, and compile the statement each time (seen: postgres used 1.7 times as much).
 */
const insertStatement = `
  WITH holds AS MATERIALIZED (
    SELECT * FROM json_to_recordset($1::json) AS hold ("lockId" uuid, "journeyId" text, "userId" text,
      "tokenHash" text, "seatIds" text[], "fromSeq" int, "toSeq" int, "from" text, "to" text, ttl int)
  ), noted AS (
    INSERT INTO seat_changes (journey_id) SELECT DISTINCT "journeyId" FROM holds
  ), claimed AS (
    INSERT INTO claims (journey_id, seat_id, leg, lock_id, state)
    SELECT "journeyId", "seatId", leg, "lockId", 'HELD'
    FROM json_to_recordset($2::json) AS claim ("lockId" uuid, "journeyId" text, "seatId" text, leg int)
    ORDER BY "journeyId", "seatId", leg
  )
  INSERT INTO locks (lock_id, journey_id, user_id, token_hash, seat_ids, from_seq, to_seq,
    from_code, to_code, state, expires_at)
  SELECT "lockId", "journeyId", "userId", decode("tokenHash", 'hex'), "seatIds", "fromSeq", "toSeq",
    "from", "to", 'HELD', now() + make_interval(secs => ttl) FROM holds
  RETURNING lock_id AS "lockId", expires_at AS "expiresAt"`;

/** Answers the end of each hold by its lock id. Throws `SeatTakenError`; then nothing was written. */
export const insertHolds = async (
  database: Queryable,
  holds: readonly NewHold[],
): Promise<ReadonlyMap<string, Date>> => {
  try {
    const { rows } = await database.query<{ lockId: string; expiresAt: Date }>({
      name: "holds-insert",
      text: insertStatement,
      values: [JSON.stringify(holds.map(recordOf)), JSON.stringify(holds.flatMap(claimsOf))],
    });
    return new Map(rows.map(({ lockId, expiresAt }) => [lockId, expiresAt]));
  } catch (error) {
    throw takenSeatOf(error) ?? error;
  }
};

const recordOf = (hold: NewHold): Record<string, unknown> => {
  const { lockId, journeyId, userId, tokenHash, seatIds, stretch, ttlSeconds } = hold;
  const { fromSeq, toSeq, from, to } = stretch;
  const lock = { lockId, journeyId, userId, tokenHash: tokenHash.toString("hex"), seatIds };
  return { ...lock, fromSeq, toSeq, from, to, ttl: ttlSeconds };
};

const claimsOf = ({ lockId, journeyId, seatIds, stretch }: NewHold): Record<string, unknown>[] =>
  seatIds.flatMap((seatId) => legsOf(stretch).map((leg) => ({ lockId, journeyId, seatId, leg })));

/** Answers the end of the one hold. Throws `SeatTakenError`; then nothing was written. */
export const insertHold = async (database: Queryable, hold: NewHold): Promise<Date> => {
  const end = (await insertHolds(database, [hold])).get(hold.lockId);
  if (!end) throw new Error(`hold ${hold.lockId} was written without an answer`);
  return end;
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
