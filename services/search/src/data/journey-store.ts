import type { Queryable } from "@jatra/common/database/queryable.ts";
import { rowsOf } from "@jatra/common/database/rows-of.ts";
import { journeySchema, type Journey } from "@jatra/contracts/messages/journey-published.ts";
import { z } from "zod";
import { countFreeSeats, type FreeSeats } from "../domain/count-free-seats.ts";

/** What free seats are counted from. It never changes once a journey is published. */
export type SeatPlan = { readonly coaches: Journey["coaches"]; readonly stopCount: number };

/**
 * Adds a journey with all its seats free; false when it is known. Nothing is ever updated: a published journey never
 * changes, and what is known of its seats must not be forgotten by a repeated message.
 */
export const insertJourney = async (transaction: Queryable, journey: Journey): Promise<boolean> => {
  const { train, departs, stops, fare, coaches } = journey;
  const { rowCount } = await transaction.query(
    `INSERT INTO journeys (journey_id, train_number, train_name, departs, arrives_at, fare, coaches, free_seats)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
    [
      journey.journeyId,
      train.number,
      train.name,
      departs,
      stops.at(-1)?.arrivesAt ?? null,
      JSON.stringify(fare),
      JSON.stringify(coaches),
      JSON.stringify(countFreeSeats(coaches, stops.length, [])),
    ],
  );
  if (rowCount === 0) return false;
  await insertStops(transaction, journey);
  return true;
};

export const findSeatPlan = async (
  database: Queryable,
  journeyId: string,
): Promise<SeatPlan | undefined> => {
  const { rows } = await database.query<{ coaches: unknown; stopCount: number }>({
    name: "seat-plan",
    text: `SELECT coaches, (SELECT count(*) FROM journey_stops s WHERE s.journey_id = j.journey_id) AS "stopCount"
             FROM journeys j WHERE journey_id = $1`,
    values: [journeyId],
  });
  const row = rows[0];
  return row && { ...row, coaches: coachesSchema.parse(row.coaches) };
};

export type FreeSeatsChange = {
  readonly journeyId: string;
  /** Of the claims that they were counted from. */
  readonly revision: number;
  readonly freeSeats: FreeSeats;
};

/**
 * Sets the free seats of journeys, each at most once. Answers the journeys that were changed: not those that are unknown or know a newer
 * (or this) revision.
 */
export const updateFreeSeats = async (
  database: Queryable,
  changes: readonly FreeSeatsChange[],
): Promise<ReadonlySet<string>> => {
  const { rows } = await database.query<{ journeyId: string }>({
    name: "free-seats",
    text: `UPDATE journeys SET free_seats = change.free_seats, revision = change.revision
           FROM ${rowsOf("change", { id: "text", revision: "bigint", free_seats: "jsonb" })}
           WHERE journey_id = change.id AND journeys.revision < change.revision
           RETURNING journey_id AS "journeyId"`,
    values: [
      changes.map(({ journeyId }) => journeyId),
      changes.map(({ revision }) => revision),
      changes.map(({ freeSeats }) => JSON.stringify(freeSeats)),
    ],
  });
  return new Set(rows.map(({ journeyId }) => journeyId));
};

/**
 * Takes up to `limit` journeys on sale whose seats were not asked after for `olderThanSeconds` (never asked first), for the caller
 * to ask after. The row is marked here already, so that pods asking at the same time get different ones.
 */
export const takeUnchecked = async (
  database: Queryable,
  olderThanSeconds: number,
  limit: number,
): Promise<string[]> => {
  const { rows } = await database.query<{ id: string }>(
    `UPDATE journeys SET checked_at = now() WHERE journey_id IN (
       SELECT journey_id FROM journeys
        WHERE checked_at < now() - make_interval(secs => $1) AND (NOT departs OR arrives_at > now())
        ORDER BY checked_at LIMIT $2 FOR UPDATE SKIP LOCKED)
     RETURNING journey_id AS id`,
    [olderThanSeconds, limit],
  );
  return rows.map(({ id }) => id);
};

/** Puts journeys back in front: asking after them failed. */
export const putBackUnchecked = async (
  database: Queryable,
  journeyIds: readonly string[],
): Promise<void> => {
  const text = "UPDATE journeys SET checked_at = '-infinity' WHERE journey_id = ANY($1)";
  await database.query(text, [journeyIds]);
};

/** Forgets journeys that ended before; answers how many. */
export const deleteEnded = async (database: Queryable, hoursAgo: number): Promise<number> => {
  const { rowCount } = await database.query(
    "DELETE FROM journeys WHERE departs AND arrives_at < now() - make_interval(hours => $1)",
    [hoursAgo],
  );
  return rowCount ?? 0;
};

/** Which of these journeys are not known yet. */
export const unknownAmong = async (
  database: Queryable,
  journeyIds: readonly string[],
): Promise<Set<string>> => {
  const { rows } = await database.query<{ id: string }>(
    `SELECT id FROM unnest($1::text[]) AS id
      WHERE NOT EXISTS (SELECT FROM journeys WHERE journey_id = id)`,
    [journeyIds],
  );
  return new Set(rows.map(({ id }) => id));
};

const coachesSchema = z.array(journeySchema.shape.coaches.element);

const insertStops = async (transaction: Queryable, journey: Journey): Promise<void> => {
  const stops = JSON.stringify(journey.stops);
  await transaction.query(
    `INSERT INTO journey_stops (journey_id, seq, code, name, arrives_at, departs_at, distance_km)
     SELECT $1, s.seq, s.code, s.name, s."arrivesAt", s."departsAt", s."distanceKm"
       FROM jsonb_to_recordset($2::jsonb) AS s (seq integer, code text, name text,
         "arrivesAt" timestamptz, "departsAt" timestamptz, "distanceKm" double precision)`,
    [journey.journeyId, stops],
  );
  // A station that schedule-service's list hasn't brought yet can be searched for from its first train on.
  await transaction.query(
    `INSERT INTO stations (code, name)
     SELECT s.code, s.name FROM jsonb_to_recordset($1::jsonb) AS s (code text, name text)
      ORDER BY s.code ON CONFLICT DO NOTHING`,
    [stops],
  );
};
