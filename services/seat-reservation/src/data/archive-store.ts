import { deleteInBatches } from "@jatra/common/database/delete-in-batches.ts";
import type { Queryable } from "@jatra/common/database/queryable.ts";

/**
 * Deletes what is sold of a journey that is over, claims by their index and their locks with them; answers how many claims. Seats in
 * payment are left alone: only booking-service's word ends those.
 */
export const deleteSold = (database: Queryable, journeyId: string): Promise<number> =>
  deleteInBatches(
    database,
    `WITH gone AS (
       DELETE FROM claims WHERE ctid = ANY (ARRAY(
         SELECT ctid FROM claims WHERE journey_id = $2 AND state = 'SOLD'
         LIMIT $1 FOR UPDATE SKIP LOCKED))
       RETURNING lock_id),
     locks_gone AS (
       DELETE FROM locks USING (SELECT DISTINCT lock_id FROM gone) AS ended
       WHERE locks.lock_id = ended.lock_id AND locks.state = 'SOLD')
     SELECT 1 FROM gone`,
    journeyId,
  );

/** True where nothing of the journey was left; then no sweeper looks at it again. */
export const forgetJourney = async (database: Queryable, journeyId: string): Promise<boolean> => {
  const { rowCount } = await database.query(
    `DELETE FROM journey_revisions WHERE journey_id = $1
       AND NOT EXISTS (SELECT 1 FROM claims WHERE journey_id = $1
         AND state IN ('HELD', 'PAYING', 'SOLD'))`,
    [journeyId],
  );
  return rowCount === 1;
};
