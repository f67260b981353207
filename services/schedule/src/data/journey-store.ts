import type { Queryable } from "@jatra/common/database/queryable.ts";
import { journeySchema, type Journey } from "@jatra/contracts/messages/journey-published.ts";
import { journeySpan } from "../domain/plan-journey.ts";

/** False when the journey exists: the primary key lets one of any number of pods publish it. */
export const insertJourney = async (
  transaction: Queryable,
  journey: Journey,
  origin: { readonly trainId: string | null; readonly localDate: string },
): Promise<boolean> => {
  const span = journeySpan(journey);
  const { rowCount } = await transaction.query(
    `INSERT INTO journeys (journey_id, train_id, local_date, departs, departs_at, arrives_at,
                           fare_version_id, document)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (journey_id) DO NOTHING`,
    [
      journey.journeyId,
      origin.trainId,
      origin.localDate,
      journey.departs,
      span.from,
      span.to,
      journey.fare.fareVersionId,
      JSON.stringify(journey),
    ],
  );
  return rowCount === 1;
};

export const findJourney = async (
  database: Queryable,
  journeyId: string,
): Promise<Journey | undefined> => {
  const text = "SELECT document FROM journeys WHERE journey_id = $1";
  const { rows } = await database.query<Row>({ name: "journey", text, values: [journeyId] });
  return rows[0] && journeySchema.parse(rows[0].document);
};

/** Ids of the journeys on these local days, for finding out which are missing. */
export const journeyIdsBetween = async (
  database: Queryable,
  firstDate: string,
  lastDate: string,
): Promise<Set<string>> => {
  const { rows } = await database.query<{ id: string }>(
    "SELECT journey_id AS id FROM journeys WHERE local_date BETWEEN $1 AND $2",
    [firstDate, lastDate],
  );
  return new Set(rows.map(({ id }) => id));
};

/**
 * Up to `limit` journeys after an id that have not reached their last stop, by id, each as JSON text: a page is half a megabyte,
 * which nobody here looks into, so it goes out as it is stored.
 */
export const listLiveJourneys = async (
  database: Queryable,
  after: string,
  limit: number,
): Promise<{ journeyId: string; json: string }[]> => {
  const { rows } = await database.query<{ journeyId: string; json: string }>(
    `SELECT journey_id AS "journeyId", document::text AS json FROM journeys
      WHERE journey_id > $1 AND (NOT departs OR arrives_at > now()) ORDER BY journey_id LIMIT $2`,
    [after, limit],
  );
  return rows;
};

type Row = { document: unknown };
