import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { Train, TrainBody } from "@jatra/contracts/timetable.ts";
import { numberSeats } from "../domain/number-seats.ts";
import type { TrainPlan } from "../domain/plan-journey.ts";

const SELECT = `
  SELECT t.train_id AS id, t.train_id AS number, t.name, t.route_id AS "routeId",
         (SELECT jsonb_build_object('code', s.code, 'name', s.name)
            FROM route_stops r JOIN stations s ON s.code = r.station_code
           WHERE r.route_id = t.route_id ORDER BY r.seq LIMIT 1) AS "from",
         (SELECT jsonb_build_object('code', s.code, 'name', s.name)
            FROM route_stops r JOIN stations s ON s.code = r.station_code
           WHERE r.route_id = t.route_id ORDER BY r.seq DESC LIMIT 1) AS "to",
         t.departure_time AS "departureTime", t.days_off AS "daysOff", t.active,
         (SELECT jsonb_agg(jsonb_build_object('coach', c.coach, 'class', c.class, 'seatCount',
                   (SELECT count(*) FROM seats s WHERE s.train_id = c.train_id AND s.coach = c.coach))
                   ORDER BY c.position)
            FROM coaches c WHERE c.train_id = t.train_id) AS coaches
    FROM trains t`;

/** Up to `limit` trains after a number, by number (as text). */
export const listTrains = async (
  database: Queryable,
  after: string,
  limit: number,
): Promise<Train[]> => {
  const text = `${SELECT} WHERE t.train_id > $1 ORDER BY t.train_id LIMIT $2`;
  const { rows } = await database.query<Train>({ name: "trains", text, values: [after, limit] });
  return rows;
};

export const findTrain = async (database: Queryable, id: string): Promise<Train | undefined> => {
  const { rows } = await database.query<Train>(`${SELECT} WHERE t.train_id = $1`, [id]);
  return rows[0];
};

/** Everything a journey is made from, of one train or of all active ones. */
export const loadTrainPlans = async (
  database: Queryable,
  only: { readonly trainId?: string } = {},
): Promise<TrainPlan[]> => {
  const { rows } = await database.query<TrainPlan>(
    `SELECT t.train_id AS "trainId", t.name, t.departure_time AS "departureTime", t.days_off AS "daysOff",
            (SELECT jsonb_agg(jsonb_build_object(
                      'station', s.station_code, 'name', n.name, 'distanceKm', s.distance_km,
                      'arriveMinutes', s.arrive_minutes, 'departMinutes', s.depart_minutes) ORDER BY s.seq)
               FROM route_stops s JOIN stations n ON n.code = s.station_code
              WHERE s.route_id = t.route_id) AS stops,
            (SELECT jsonb_agg(jsonb_build_object('coach', c.coach, 'class', c.class, 'seats',
                      (SELECT jsonb_agg(jsonb_build_object('seatId', e.seat_id, 'number', e.number)
                                ORDER BY e.position)
                         FROM seats e WHERE e.train_id = c.train_id AND e.coach = c.coach))
                      ORDER BY c.position)
               FROM coaches c WHERE c.train_id = t.train_id) AS coaches
       FROM trains t
      WHERE CASE WHEN $1::text IS NULL THEN t.active ELSE t.train_id = $1 END
      ORDER BY t.train_id`,
    [only.trainId ?? null],
  );
  return rows;
};

/** Inserts train, coaches and seats; false when the number is taken. An unknown route is a 23503. */
export const insertTrain = async (transaction: Queryable, train: TrainBody): Promise<boolean> => {
  const { rowCount } = await transaction.query(
    `INSERT INTO trains (train_id, name, route_id, departure_time, days_off, active)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
    valuesOf(train),
  );
  if (rowCount === 0) return false;
  await insertCoaches(transaction, train);
  return true;
};

/** Replaces everything but the number; false when there is no such train. */
export const replaceTrain = async (transaction: Queryable, train: TrainBody): Promise<boolean> => {
  const { rowCount } = await transaction.query(
    `UPDATE trains SET name = $2, route_id = $3, departure_time = $4, days_off = $5, active = $6
      WHERE train_id = $1`,
    valuesOf(train),
  );
  if (rowCount === 0) return false;
  await transaction.query("DELETE FROM coaches WHERE train_id = $1", [train.number]);
  await insertCoaches(transaction, train);
  return true;
};

/** False when there is no such train; the foreign key refuses one that ever had a journey (23503). */
export const deleteTrain = async (database: Queryable, id: string): Promise<boolean> => {
  const { rowCount } = await database.query("DELETE FROM trains WHERE train_id = $1", [id]);
  return rowCount === 1;
};

const valuesOf = (train: TrainBody): unknown[] => [
  train.number,
  train.name,
  train.routeId,
  train.departureTime,
  train.daysOff,
  train.active,
];

const insertCoaches = async (transaction: Queryable, train: TrainBody): Promise<void> => {
  const coaches = train.coaches.map((coach, position) => ({ ...numberSeats(coach), position }));
  await transaction.query(
    `INSERT INTO coaches (train_id, position, coach, class)
     SELECT $1, c.position, c.coach, c.class
       FROM jsonb_to_recordset($2::jsonb) AS c (position integer, coach text, class text)`,
    [train.number, JSON.stringify(coaches)],
  );
  const seats = coaches.flatMap(({ coach, seats }) =>
    seats.map((seat, position) => ({ ...seat, coach, position })),
  );
  await transaction.query(
    `INSERT INTO seats (train_id, coach, position, seat_id, number)
     SELECT $1, s.coach, s.position, s."seatId", s.number
       FROM jsonb_to_recordset($2::jsonb)
         AS s (coach text, position integer, "seatId" text, number text)`,
    [train.number, JSON.stringify(seats)],
  );
};
