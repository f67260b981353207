import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import { createTestDatabase } from "@jatra/testing/test-database.ts";

const tables = `
  CREATE TABLE seats (
    journey_id text NOT NULL,
    seat_id text NOT NULL,
    status text NOT NULL DEFAULT 'AVAILABLE',
    held_by text,
    held_until timestamptz,
    PRIMARY KEY (journey_id, seat_id)
  )`;
/** As many as PgBouncer has server connections for a service. */
const POOL_SIZE = 10;

export type RowLocks = {
  /** `again`: take over whatever is held, for a measurement that comes round to the first seats again. */
  readonly hold: (journeyId: string, userId: string, again: boolean) => Promise<boolean>;
  readonly drop: () => Promise<void>;
};

/** Seats held by `SELECT … FOR UPDATE` on one row a seat, as many booking tutorials have it. */
export const createRowLocks = async (options: {
  readonly journeys: number;
  readonly seatIds: readonly string[];
}): Promise<RowLocks> => {
  const { pool, drop } = await createTestDatabase({ sql: tables, poolSize: POOL_SIZE });
  await pool.query(
    `INSERT INTO seats (journey_id, seat_id)
     SELECT 'journey-' || n, seat_id FROM generate_series(0, $1::int - 1) AS n, unnest($2::text[]) AS seat_id`,
    [options.journeys, options.seatIds],
  );
  const hold: RowLocks["hold"] = (journeyId, userId, again) =>
    inTransaction(pool, async (transaction) => {
      const { rows } = await transaction.query<{ status: string }>({
        name: "seats-lock",
        text: `SELECT status FROM seats WHERE journey_id = $1 AND seat_id = ANY ($2)
               ORDER BY seat_id FOR UPDATE`,
        values: [journeyId, options.seatIds],
      });
      if (!again && rows.some(({ status }) => status !== "AVAILABLE")) return false;
      await transaction.query({
        name: "seats-hold",
        text: `UPDATE seats SET status = 'HELD', held_by = $3,
                 held_until = now() + interval '10 minutes'
               WHERE journey_id = $1 AND seat_id = ANY ($2)`,
        values: [journeyId, options.seatIds, userId],
      });
      return true;
    });
  return { hold, drop };
};
