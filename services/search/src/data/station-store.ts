import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { FoundStation } from "@jatra/contracts/http/search.ts";

/** How close a station is to the text, and its code. */
export type StationKey = readonly [rank: number, code: string];
export type RankedStation = FoundStation & { readonly rank: number };

/**
 * Stations whose code or name contains the text, whatever the case: exact code (0), code or name that begins with it (1), the rest
 * (2). `position` and not LIKE: a `%` in the text is just a character.
 */
export const findStations = async (
  database: Queryable,
  query: { readonly text: string; readonly after: StationKey | undefined; readonly limit: number },
): Promise<RankedStation[]> => {
  const { rows } = await database.query<RankedStation>({
    name: "find-stations",
    text: `
      SELECT * FROM (
        SELECT code, name,
               CASE WHEN lower(code) = lower($1) THEN 0
                    WHEN starts_with(lower(code), lower($1)) OR starts_with(lower(name), lower($1)) THEN 1
                    ELSE 2 END AS rank
          FROM stations
         WHERE position(lower($1) IN lower(code)) > 0 OR position(lower($1) IN lower(name)) > 0) AS found
       WHERE $2::integer IS NULL OR (rank, code) > ($2, $3)
       ORDER BY rank, code LIMIT $4`,
    values: [query.text, query.after?.[0] ?? null, query.after?.[1] ?? null, query.limit],
  });
  return rows;
};

/** Which of the codes are stations. */
export const knownStations = async (
  database: Queryable,
  codes: readonly string[],
): Promise<Set<string>> => {
  const { rows } = await database.query<{ code: string }>({
    name: "known-stations",
    text: "SELECT code FROM stations WHERE code = ANY($1)",
    values: [codes],
  });
  return new Set(rows.map(({ code }) => code));
};

/**
 * Makes the stations those of schedule-service's list. One that left the list stays while a journey calls there: it can
 * still be travelled to.
 */
export const replaceStations = async (
  transaction: Queryable,
  stations: readonly FoundStation[],
): Promise<void> => {
  const list = JSON.stringify(stations);
  await transaction.query(
    `INSERT INTO stations (code, name)
     SELECT s.code, s.name FROM jsonb_to_recordset($1::jsonb) AS s (code text, name text) ORDER BY s.code
         ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name WHERE stations.name <> EXCLUDED.name`,
    [list],
  );
  await transaction.query(
    `DELETE FROM stations
      WHERE code NOT IN (SELECT s.code FROM jsonb_to_recordset($1::jsonb) AS s (code text))
        AND NOT EXISTS (SELECT FROM journey_stops WHERE journey_stops.code = stations.code)`,
    [list],
  );
};
