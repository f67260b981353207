import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { BookingRecord } from "../domain/booking-record.ts";
import type { BookingState } from "../domain/booking-states.ts";
import type { BookingStore } from "../domain/stores.ts";
import { bookingColumns } from "./booking-columns.ts";
import { beginPayment, changeStatus, findForUpdate, setTickets } from "./booking-steps.ts";
import { insertBooking } from "./insert-booking.ts";

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
