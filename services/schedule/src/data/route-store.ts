import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { Route, RouteBody } from "@jatra/contracts/timetable.ts";

const SELECT = `
  SELECT r.route_id AS id, r.name,
         jsonb_agg(jsonb_build_object(
           'station', s.station_code, 'name', n.name, 'distanceKm', s.distance_km,
           'arriveMinutes', s.arrive_minutes, 'departMinutes', s.depart_minutes) ORDER BY s.seq) AS stops
    FROM routes r JOIN route_stops s USING (route_id) JOIN stations n ON n.code = s.station_code`;

/** Up to `limit` routes after an id, by id, with their stops in order. */
export const listRoutes = async (
  database: Queryable,
  after: string,
  limit: number,
): Promise<Route[]> => {
  const { rows } = await database.query<Route>(
    `${SELECT} WHERE r.route_id > $1 GROUP BY r.route_id ORDER BY r.route_id LIMIT $2`,
    [after, limit],
  );
  return rows;
};

export const findRoute = async (database: Queryable, id: string): Promise<Route | undefined> => {
  const text = `${SELECT} WHERE r.route_id = $1 GROUP BY r.route_id`;
  const { rows } = await database.query<Route>(text, [id]);
  return rows[0];
};

/** Inserts route and stops; false when the id is taken. An unknown station is a foreign key error (23503). */
export const insertRoute = async (transaction: Queryable, route: RouteBody): Promise<boolean> => {
  const { rowCount } = await transaction.query(
    "INSERT INTO routes (route_id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING",
    [route.id, route.name],
  );
  if (rowCount === 0) return false;
  await insertStops(transaction, route);
  return true;
};

/** Replaces name and stops; false when there is no such route. The row lock keeps two writers apart. */
export const replaceRoute = async (transaction: Queryable, route: RouteBody): Promise<boolean> => {
  const text = "UPDATE routes SET name = $2 WHERE route_id = $1";
  const { rowCount } = await transaction.query(text, [route.id, route.name]);
  if (rowCount === 0) return false;
  await transaction.query("DELETE FROM route_stops WHERE route_id = $1", [route.id]);
  await insertStops(transaction, route);
  return true;
};

/** False when there is no such route; the foreign key refuses one that a train uses (23503). */
export const deleteRoute = async (database: Queryable, id: string): Promise<boolean> => {
  const { rowCount } = await database.query("DELETE FROM routes WHERE route_id = $1", [id]);
  return rowCount === 1;
};

const insertStops = async (transaction: Queryable, { id, stops }: RouteBody): Promise<void> => {
  await transaction.query(
    `INSERT INTO route_stops (route_id, seq, station_code, distance_km, arrive_minutes, depart_minutes)
     SELECT $1, s.seq, s.station, s."distanceKm", s."arriveMinutes", s."departMinutes"
       FROM jsonb_to_recordset($2::jsonb) AS s (
         seq integer, station text, "distanceKm" double precision,
         "arriveMinutes" integer, "departMinutes" integer)`,
    [id, JSON.stringify(stops.map((stop, seq) => ({ ...stop, seq })))],
  );
};
