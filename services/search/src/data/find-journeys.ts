import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { FoundJourney } from "@jatra/contracts/http/search.ts";
import { offerClasses, type Stretch } from "../domain/offer-classes.ts";

export type JourneyQuery = {
  readonly from: string;
  readonly to: string;
  readonly departsFrom: Date;
  readonly departsBefore: Date;
  /** Departure and id of the last journey shown. */
  readonly after: JourneyKey | undefined;
  readonly limit: number;
};
export type JourneyKey = readonly [departsAt: string, journeyId: string];

type Row = Stretch & {
  readonly journeyId: string;
  readonly trainNumber: string;
  readonly trainName: string;
  readonly fromName: string;
  readonly toName: string;
  readonly departsAt: Date;
  readonly arrivesAt: Date;
};

/**
 * Journeys that call at `from` and later at `to`, by departure there, as far as they can still be boarded. PostgreSQL's clock
 * says what has left.
 */
export const findJourneys = async (
  database: Queryable,
  query: JourneyQuery,
): Promise<FoundJourney[]> => {
  const { rows } = await database.query<Row>({
    name: "find-journeys",
    text: `
      SELECT j.journey_id AS "journeyId", j.train_number AS "trainNumber", j.train_name AS "trainName",
             f.name AS "fromName", t.name AS "toName", f.departs_at AS "departsAt", t.arrives_at AS "arrivesAt",
             f.seq AS "fromSeq", t.seq AS "toSeq", t.distance_km - f.distance_km AS "distanceKm",
             j.fare, j.free_seats AS "freeSeats"
        FROM journey_stops f
        JOIN journey_stops t ON t.journey_id = f.journey_id AND t.seq > f.seq
        JOIN journeys j ON j.journey_id = f.journey_id
       WHERE f.code = $1 AND t.code = $2 AND f.departs_at >= $3 AND f.departs_at < $4
         AND (NOT j.departs OR f.departs_at > now())
         AND ($5::timestamptz IS NULL OR (f.departs_at, f.journey_id) > ($5, $6))
       ORDER BY f.departs_at, f.journey_id LIMIT $7`,
    values: [
      query.from,
      query.to,
      query.departsFrom,
      query.departsBefore,
      query.after?.[0] ?? null,
      query.after?.[1] ?? null,
      query.limit,
    ],
  });
  return rows.map((row) => toFound(row, query));
};

const toFound = (row: Row, { from, to }: JourneyQuery): FoundJourney => ({
  journeyId: row.journeyId,
  train: { number: row.trainNumber, name: row.trainName },
  from: { code: from, name: row.fromName, at: row.departsAt.toISOString() },
  to: { code: to, name: row.toName, at: row.arrivesAt.toISOString() },
  classes: offerClasses(row),
});
