import { firstOfEach } from "@jatra/common/database/first-of-each.ts";
import { gathered } from "@jatra/common/database/gathered.ts";
import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { NewBooking } from "../domain/booking-record.ts";

/** Booking and passengers in one statement. `ON CONFLICT` waits for a rival's commit, then writes nothing. */
const insertStatement = `
  WITH given AS MATERIALIZED (
    SELECT * FROM json_to_recordset($1::json) AS given ("bookingId" uuid, "lockId" uuid, "userId" text,
      "email" text, "journeyId" text, "trip" jsonb, "departsAt" timestamptz, "fareVersionId" text,
      "amount" integer, "currency" text, "paymentId" uuid, "paymentMethod" text,
      "paymentDetails" jsonb, "requestId" text, "paymentDeadlineSeconds" float8, "passengers" json)
  ), made AS (
    INSERT INTO bookings (booking_id, lock_id, status, user_id, email, journey_id, trip,
      departs_at, fare_version_id, amount, currency, payment_id, payment_method,
      payment_details, request_id, payment_deadline_at)
    SELECT "bookingId", "lockId", 'PAYMENT_PENDING', "userId", "email", "journeyId", "trip",
      "departsAt", "fareVersionId", "amount", "currency", "paymentId", "paymentMethod",
      "paymentDetails", "requestId", now() + make_interval(secs => "paymentDeadlineSeconds")
    FROM given ORDER BY "lockId"
    ON CONFLICT DO NOTHING RETURNING booking_id
  ), seated AS (
    INSERT INTO passengers (booking_id, position, name, seat_id, coach, class, fare_amount)
    SELECT made.booking_id, p.position - 1, p.item->>'name', p.item->>'seatId',
      p.item->>'coach', p.item->>'class', (p.item->>'fareAmount')::integer
    FROM made JOIN given ON given."bookingId" = made.booking_id,
      json_array_elements(given."passengers") WITH ORDINALITY AS p (item, position)
  )
  SELECT booking_id AS "bookingId" FROM made`;

/** False where the lock has a booking (or a tombstone) already; then nothing was written of it. */
export const insertBooking: (database: Queryable, booking: NewBooking) => Promise<boolean> =
  gathered(async (database, bookings) => {
    // Of two for one lock, the first is tried.
    const given = firstOfEach(bookings, ({ bookingId }) => bookingId);
    const { rows } = await database.query<{ bookingId: string }>({
      name: "booking-insert",
      text: insertStatement,
      values: [JSON.stringify(given)],
    });
    const made = new Set(rows.map(({ bookingId }) => bookingId));
    // Each row answers one of them, the first.
    return bookings.map(({ bookingId }) => made.delete(bookingId));
  });
