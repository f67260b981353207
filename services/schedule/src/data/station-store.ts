import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { Station } from "@jatra/contracts/timetable.ts";

/** Up to `limit` stations after a code, by code. */
export const listStations = async (
  database: Queryable,
  after: string,
  limit: number,
): Promise<Station[]> => {
  const { rows } = await database.query<Station>({
    name: "stations-list",
    text: "SELECT code AS id, code, name FROM stations WHERE code > $1 ORDER BY code LIMIT $2",
    values: [after, limit],
  });
  return rows;
};

export const findStation = async (
  database: Queryable,
  code: string,
): Promise<Station | undefined> => {
  const text = "SELECT code AS id, code, name FROM stations WHERE code = $1";
  const { rows } = await database.query<Station>({ name: "station", text, values: [code] });
  return rows[0];
};

/** False when the code is taken. */
export const insertStation = async (
  database: Queryable,
  station: { readonly code: string; readonly name: string },
): Promise<boolean> => {
  const { rowCount } = await database.query(
    "INSERT INTO stations (code, name) VALUES ($1, $2) ON CONFLICT DO NOTHING",
    [station.code, station.name],
  );
  return rowCount === 1;
};

/** False when there is no such station. */
export const renameStation = async (
  database: Queryable,
  code: string,
  name: string,
): Promise<boolean> => {
  const text = "UPDATE stations SET name = $2 WHERE code = $1";
  const { rowCount } = await database.query(text, [code, name]);
  return rowCount === 1;
};

/** False when there is no such station; the foreign key refuses one that a route uses (23503). */
export const deleteStation = async (database: Queryable, code: string): Promise<boolean> => {
  const { rowCount } = await database.query("DELETE FROM stations WHERE code = $1", [code]);
  return rowCount === 1;
};
