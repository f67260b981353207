import type { Queryable } from "@jatra/common/database/queryable.ts";

/** Four seconds of 2,000 holds: some 20 ms to delete. A burst on one journey leaves many rows and makes one message. */
const NOTES_MAX = 10_000;

/** Takes notes of changed journeys; answers the journeys, sorted. Any number of publishers share the table. */
export const takeChangedJourneys = async (transaction: Queryable): Promise<string[]> => {
  const { rows } = await transaction.query<{ journeyId: string }>({
    name: "changes-take",
    text: `WITH taken AS (
        DELETE FROM seat_changes WHERE change_id IN (
          SELECT change_id FROM seat_changes ORDER BY change_id LIMIT $1 FOR UPDATE SKIP LOCKED)
        RETURNING journey_id)
      SELECT DISTINCT journey_id AS "journeyId" FROM taken ORDER BY journey_id`,
    values: [NOTES_MAX],
  });
  return rows.map(({ journeyId }) => journeyId);
};

/**
 * Next revision of each journey. Holds each journey's row until the commit, so that the claims read afterwards are at least as
 * new as those of any smaller revision. Sorted, so that two publishers can't deadlock.
 */
export const raiseRevisions = async (
  transaction: Queryable,
  sortedJourneyIds: readonly string[],
): Promise<void> => {
  await transaction.query({
    name: "changes-raise",
    text: `INSERT INTO journey_revisions (journey_id, revision)
      SELECT journey_id, 1 FROM unnest($1::text[]) AS journey_id ORDER BY journey_id
      ON CONFLICT (journey_id) DO UPDATE SET revision = journey_revisions.revision + 1`,
    values: [sortedJourneyIds],
  });
};

/** The database's clock, which decides what is over. */
export const readClock = async (database: Queryable): Promise<Date> => {
  const { rows } = await database.query<{ now: Date }>("SELECT now() AS now");
  const [row] = rows;
  if (!row) throw new Error("the database told no time");
  return row.now;
};

/** Every journey that had a claim and isn't long over. */
export const listClaimedJourneys = async (database: Queryable): Promise<string[]> => {
  const { rows } = await database.query<{ journeyId: string }>(
    `SELECT journey_id AS "journeyId" FROM journey_revisions ORDER BY journey_id`,
  );
  return rows.map(({ journeyId }) => journeyId);
};
