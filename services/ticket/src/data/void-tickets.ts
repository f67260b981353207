import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import type { BookingEvent } from "@jatra/contracts/messages/booking-event.ts";
import type pg from "pg";

/**
 * Closes the booking's gate, then voids what is there. Two statements on purpose: the first waits for an issue that is under way,
 * and only a statement that begins afterwards sees its tickets.
 */
export const voidTickets = async (
  pool: pg.Pool,
  { bookingId, bookingVersion }: Pick<BookingEvent, "bookingId" | "bookingVersion">,
): Promise<number> =>
  inTransaction(pool, async (transaction) => {
    await transaction.query({
      name: "tickets-close",
      text: `INSERT INTO ticket_bookings (booking_id, booking_version, void)
        VALUES ($1, $2, true)
        ON CONFLICT (booking_id) DO UPDATE SET void = true,
          booking_version = greatest(ticket_bookings.booking_version, $2)`,
      values: [bookingId, bookingVersion],
    });
    const { rowCount } = await transaction.query({
      name: "tickets-void",
      text: "UPDATE tickets SET state = 'VOID' WHERE booking_id = $1 AND state <> 'VOID'",
      values: [bookingId],
    });
    return rowCount ?? 0;
  });
