import type { Queryable } from "@jatra/common/database/queryable.ts";
import type {
  BookingsRow,
  Grouping,
  RevenueRow,
  TrainGrouping,
  TrainsRow,
} from "@jatra/contracts/http/reporting.ts";
import type { Instants } from "../domain/report-period.ts";

/** Far above what the railway has (366 days, some hundred trains, routes between 30 stations): a wrong query ends here. */
const ROWS_MAX = 10_000;

/** SQL of what a row is about: fixed texts, never a client's. */
const groupings = {
  day: { key: localDecided("YYYY-MM-DD"), name: "NULL::text" },
  month: { key: localDecided("YYYY-MM"), name: "NULL::text" },
  train: { key: "train_number", name: "max(train_name)" },
  route: {
    key: "from_code || '-' || to_code",
    name: "max(from_name) || ' - ' || max(to_name)",
  },
} as const satisfies Record<Grouping, { key: string; name: string }>;

function localDecided(format: string): string {
  return `to_char(decided_at AT TIME ZONE 'Asia/Dhaka', '${format}')`;
}

const seatsOfBooking = `(SELECT count(*) FROM sold_seats s WHERE s.booking_id = sales.booking_id)`;

/** All bookings decided in the period, by the state they are in now. */
export const readBookings = async (
  database: Queryable,
  { after, before }: Instants,
  groupBy: Grouping,
): Promise<BookingsRow[]> => {
  const { key, name } = groupings[groupBy];
  const counting = (status: string): string => `count(*) FILTER (WHERE status = '${status}')`;
  const { rows } = await database.query<BookingsRow>({
    name: `report-bookings-${groupBy}`,
    text: `SELECT ${key} AS key, ${name} AS name, count(*) AS bookings,
                  ${counting("CONFIRMED")} AS confirmed,
                  ${counting("PAYMENT_FAILED")} AS "paymentFailed",
                  ${counting("CANCELLED")} AS cancelled, ${counting("REFUNDED")} AS refunded,
                  coalesce(sum(${seatsOfBooking}) FILTER (WHERE status = 'CONFIRMED'), 0)::int8 AS seats
           FROM sales WHERE decided_at >= $1 AND decided_at < $2
           GROUP BY 1 ORDER BY 1 LIMIT ${ROWS_MAX}`,
    values: [after, before],
  });
  return rows;
};

/** Money of the bookings that were paid, whatever became of them. */
export const readRevenue = async (
  database: Queryable,
  { after, before }: Instants,
  groupBy: Grouping,
): Promise<RevenueRow[]> => {
  const { key, name } = groupings[groupBy];
  const { rows } = await database.query<RevenueRow>({
    name: `report-revenue-${groupBy}`,
    text: `SELECT ${key} AS key, ${name} AS name, count(*) AS bookings,
                  sum(amount)::int8 AS gross, sum(refunded_amount)::int8 AS refunded,
                  sum(amount - refunded_amount)::int8 AS net
           FROM sales WHERE paid AND decided_at >= $1 AND decided_at < $2
           GROUP BY 1 ORDER BY 1 LIMIT ${ROWS_MAX}`,
    values: [after, before],
  });
  return rows;
};

const trainGroupings = {
  train: groupings.train,
  class: { key: "class", name: "NULL::text" },
  route: groupings.route,
} as const satisfies Record<TrainGrouping, { key: string; name: string }>;

/** Seats of confirmed bookings, a train. */
export const readTrains = async (
  database: Queryable,
  { after, before }: Instants,
  groupBy: TrainGrouping,
): Promise<TrainsRow[]> => {
  const { key, name } = trainGroupings[groupBy];
  const { rows } = await database.query<TrainsRow>({
    name: `report-trains-${groupBy}`,
    text: `SELECT train_number AS "trainNumber", max(train_name) AS "trainName",
                  ${key} AS key, ${name} AS name,
                  count(DISTINCT journey_id) AS journeys, count(DISTINCT booking_id) AS bookings,
                  count(*) AS seats, sum(fare_amount)::int8 AS fares
           FROM sales JOIN sold_seats USING (booking_id)
           WHERE status = 'CONFIRMED' AND decided_at >= $1 AND decided_at < $2
           GROUP BY 1, 3 ORDER BY 1, 3 LIMIT ${ROWS_MAX}`,
    values: [after, before],
  });
  return rows;
};
