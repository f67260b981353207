import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { BookingStatus } from "@jatra/contracts/http/booking.ts";
import type { BookingRecord, NewBooking, RefundRecord } from "../domain/booking-record.ts";
import type { BookingState } from "../domain/booking-states.ts";
import type { BookingStore, WholeBooking } from "../domain/stores.ts";
import { bookingColumns } from "./booking-columns.ts";
import { refundColumns } from "./refund-store.ts";

/** From the start of the payment, the sweeper waits as long again as it did for the start. */
const SWEEP_AFTER_START = "now() + interval '20 seconds'";

/** Bookings over a pool or a transaction. The trigger of the migration refuses what is not a legal change. */
export const createBookingStore = (database: Queryable): BookingStore => ({
  insert: (booking) => insert(database, booking),
  insertTombstone: async (bookingId, lockId) => {
    await database.query({
      name: "booking-tombstone",
      text: `INSERT INTO bookings (booking_id, lock_id, status) VALUES ($1, $2, 'ABANDONED')
             ON CONFLICT DO NOTHING`,
      values: [bookingId, lockId],
    });
  },
  stateOf: async (bookingId) => {
    const { rows } = await database.query<{ status: BookingState }>({
      name: "booking-state",
      text: "SELECT status FROM bookings WHERE booking_id = $1",
      values: [bookingId],
    });
    return rows[0]?.status;
  },
  find: (bookingId) => find(database, bookingId, "booking-find", ""),
  findWhole: (bookingId) => findWhole(database, bookingId),
  findForUpdate: (bookingId) => find(database, bookingId, "booking-lock", "FOR UPDATE"),
  changeStatus: async ({ bookingId, status, version }, to) => {
    const { rows } = await database.query<{ at: Date }>({
      name: "booking-change",
      text: `UPDATE bookings SET status = $4, version = version + 1,
               sweep_after = CASE WHEN $4 = 'PAYMENT_PROCESSING'
                 THEN ${SWEEP_AFTER_START} ELSE sweep_after END
             WHERE booking_id = $1 AND status = $2 AND version = $3 RETURNING now() AS at`,
      values: [bookingId, status, version, to],
    });
    return rows[0]?.at;
  },
  beginPayment: async (bookingId) => {
    const { rows } = await database.query<BookingRecord>({
      name: "booking-begin-payment",
      text: `UPDATE bookings SET status = 'PAYMENT_PROCESSING', version = version + 1,
               sweep_after = ${SWEEP_AFTER_START}
             WHERE booking_id = $1 AND status = 'PAYMENT_PENDING' AND cancel_requested_at IS NULL
             RETURNING ${bookingColumns}`,
      values: [bookingId],
    });
    return rows[0];
  },
  recordPayment: async (bookingId, { status, attempts, reason }) => {
    await database.query({
      name: "booking-payment",
      text: `UPDATE bookings SET payment_status = $2, payment_reason = $4,
               payment_attempts = greatest(payment_attempts, $3)
             WHERE booking_id = $1`,
      values: [bookingId, status, attempts, reason ?? null],
    });
  },
  // `sweep_after` brings the sweeper at once, which closes the payment.
  requestCancel: async (bookingId) => {
    await database.query(
      `UPDATE bookings SET cancel_requested_at = coalesce(cancel_requested_at, now()),
         sweep_after = now() WHERE booking_id = $1`,
      [bookingId],
    );
  },
  requestClose: async (bookingId) => {
    await database.query(
      `UPDATE bookings SET close_requested_at = coalesce(close_requested_at, now()),
         sweep_after = now() WHERE booking_id = $1`,
      [bookingId],
    );
  },
  setTickets: (bookingId, ticketIds) => setTickets(database, bookingId, ticketIds),
});

/** Once: a repeated message changes nothing, and is answered alike. */
const setTickets = async (
  database: Queryable,
  bookingId: string,
  ticketIds: readonly string[],
): Promise<boolean> => {
  const { rowCount } = await database.query({
    name: "booking-tickets",
    text: `UPDATE bookings SET ticket_ids = $2::uuid[]
           WHERE booking_id = $1 AND ticket_ids = '{}' AND status <> 'ABANDONED'`,
    values: [bookingId, ticketIds],
  });
  return rowCount === 1 || (await find(database, bookingId, "booking-find", "")) !== undefined;
};

/** Booking and passengers in one statement. `ON CONFLICT` waits for a rival's commit, then writes nothing. */
const insert = async (database: Queryable, booking: NewBooking): Promise<boolean> => {
  const { rowCount } = await database.query({
    name: "booking-insert",
    text: `WITH made AS (
        INSERT INTO bookings (booking_id, lock_id, status, user_id, email, journey_id, trip,
          departs_at, fare_version_id, amount, currency, payment_id, payment_method,
          payment_details, request_id, payment_deadline_at)
        VALUES ($1, $2, 'PAYMENT_PENDING', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
          now() + make_interval(secs => $15))
        ON CONFLICT DO NOTHING RETURNING booking_id)
      INSERT INTO passengers (booking_id, position, name, seat_id, coach, class, fare_amount)
      SELECT made.booking_id, p.position - 1, p.item->>'name', p.item->>'seatId',
        p.item->>'coach', p.item->>'class', (p.item->>'fareAmount')::integer
      FROM made, jsonb_array_elements($16::jsonb) WITH ORDINALITY AS p(item, position)`,
    values: [
      booking.bookingId,
      booking.lockId,
      booking.userId,
      booking.email,
      booking.journeyId,
      JSON.stringify(booking.trip),
      booking.departsAt,
      booking.fareVersionId,
      booking.amount,
      booking.currency,
      booking.paymentId,
      booking.paymentMethod,
      JSON.stringify(booking.paymentDetails),
      booking.requestId,
      booking.paymentDeadlineSeconds,
      JSON.stringify(booking.passengers),
    ],
  });
  return (rowCount ?? 0) > 0;
};

const find = async (
  database: Queryable,
  bookingId: string,
  name: string,
  lock: "" | "FOR UPDATE",
): Promise<BookingRecord | undefined> => {
  const { rows } = await database.query<BookingRecord>({
    name,
    text: `SELECT ${bookingColumns} FROM bookings
           WHERE booking_id = $1 AND status <> 'ABANDONED' ${lock}`,
    values: [bookingId],
  });
  return rows[0];
};

/** Times come as JSON has them, since history is one value of the row. */
type WholeRow = BookingRecord & {
  readonly refund: RefundRecord | null;
  readonly history: readonly { readonly status: BookingStatus; readonly at: string }[];
};

/** One statement: whoever waits for a confirmation asks again and again. */
const findWhole = async (
  database: Queryable,
  bookingId: string,
): Promise<WholeBooking | undefined> => {
  const { rows } = await database.query<WholeRow>({
    name: "booking-whole",
    text: `SELECT ${bookingColumns},
             (SELECT row_to_json(r) FROM (
                SELECT ${refundColumns} FROM refunds WHERE booking_id = $1) AS r) AS refund,
             (SELECT json_agg(json_build_object('status', h.status, 'at', h.at) ORDER BY h.version)
                FROM booking_history h WHERE h.booking_id = $1) AS history
           FROM bookings WHERE booking_id = $1 AND status <> 'ABANDONED'`,
    values: [bookingId],
  });
  const row = rows[0];
  if (!row) return undefined;
  const { refund, history, ...booking } = row;
  const shown = history.map(({ status, at }) => ({ status, at: new Date(at) }));
  return { booking, refund: refund ?? undefined, history: shown };
};
