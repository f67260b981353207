import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { BookingStatus } from "@jatra/contracts/http/booking.ts";
import type { BookingRecord, RefundRecord } from "../domain/booking-record.ts";
import type { BookingState } from "../domain/booking-states.ts";
import type { BookingStore, WholeBooking } from "../domain/stores.ts";
import { bookingColumns } from "./booking-columns.ts";
import { beginPayment, changeStatus, findForUpdate, setTickets } from "./booking-steps.ts";
import { insertBooking } from "./insert-booking.ts";
import { refundColumns } from "./refund-store.ts";

/** Bookings over a pool or a transaction. The trigger of the migration refuses what is not a legal change. */
export const createBookingStore = (database: Queryable): BookingStore => ({
  insert: (booking) => insertBooking(database, booking),
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
  find: (bookingId) => find(database, bookingId),
  findWhole: (bookingId) => findWhole(database, bookingId),
  findForUpdate: (bookingId) => findForUpdate(database, bookingId),
  changeStatus: (booking, to, payment) => changeStatus(database, { ...booking, to, payment }),
  beginPayment: (bookingId) => beginPayment(database, bookingId),
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
  setTickets: async (bookingId, ticketIds) =>
    (await setTickets(database, { bookingId, ticketIds })) ||
    (await find(database, bookingId)) !== undefined,
});

const find = async (database: Queryable, bookingId: string): Promise<BookingRecord | undefined> => {
  const { rows } = await database.query<BookingRecord>({
    name: "booking-find",
    text: `SELECT ${bookingColumns} FROM bookings WHERE booking_id = $1 AND status <> 'ABANDONED'`,
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
