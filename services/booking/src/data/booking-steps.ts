import { gathered } from "@jatra/common/database/gathered.ts";
import { rowsOf } from "@jatra/common/database/rows-of.ts";
import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { BookingStatus } from "@jatra/contracts/http/booking.ts";
import type { BookingRecord } from "../domain/booking-record.ts";
import type { PaymentOutcome } from "../domain/stores.ts";
import { bookingColumns } from "./booking-columns.ts";

/*
 * The steps of a booking that come by the hundred a second, each a statement over as many bookings as are at it. The trigger of
 * the migration refuses what is not a legal change.
 */

/** From the start of the payment, the sweeper waits as long again as it did for the start. */
const SWEEP_AFTER_START = "now() + interval '20 seconds'";
/** An end has reached everybody by then; what still looks as if it hadn't is told again (`sweepUntoldEnds`). */
const SWEEP_AFTER_END = "now() + interval '30 seconds'";

/** The row stays locked until the transaction ends; rows are locked in the order of their ids. */
export const findForUpdate: (
  database: Queryable,
  bookingId: string,
) => Promise<BookingRecord | undefined> = gathered(async (database, bookingIds) => {
  const { rows } = await database.query<BookingRecord>({
    name: "booking-lock",
    text: `SELECT ${bookingColumns} FROM bookings
           JOIN ${rowsOf("asked", { id: "uuid" })} ON booking_id = asked.id
           WHERE status <> 'ABANDONED' ORDER BY booking_id FOR UPDATE OF bookings`,
    values: [bookingIds],
  });
  return inOrder(bookingIds, rows);
});

type StatusChange = Pick<BookingRecord, "bookingId" | "status" | "version"> & {
  readonly to: BookingStatus;
  readonly payment: PaymentOutcome | undefined;
};

const changeStatement = `
  UPDATE bookings SET status = change.new_status, version = bookings.version + 1,
    sweep_after = CASE WHEN change.new_status = 'PAYMENT_PROCESSING'
      THEN ${SWEEP_AFTER_START} ELSE ${SWEEP_AFTER_END} END,
    redrive_count = 0,
    payment_status = coalesce(change.payment_status, bookings.payment_status),
    payment_attempts = greatest(payment_attempts, change.attempts),
    payment_reason = CASE WHEN change.payment_status IS NULL
      THEN payment_reason ELSE change.reason END
  FROM ${rowsOf("change", {
    id: "uuid",
    status: "text",
    version: "int",
    new_status: "text",
    payment_status: "text",
    attempts: "int",
    reason: "text",
  })}
  WHERE booking_id = change.id AND bookings.status = change.status
    AND bookings.version = change.version RETURNING booking_id AS "bookingId", now() AS at`;

/** Compare-and-set, with the payment's outcome where there is one; answers when it happened. */
export const changeStatus: (
  database: Queryable,
  change: StatusChange,
) => Promise<Date | undefined> = gathered(async (database, changes) => {
  const { rows } = await database.query<{ bookingId: string; at: Date }>({
    name: "booking-change",
    text: changeStatement,
    values: [
      changes.map(({ bookingId }) => bookingId),
      changes.map(({ status }) => status),
      changes.map(({ version }) => version),
      changes.map(({ to }) => to),
      changes.map(({ payment }) => payment?.status ?? null),
      changes.map(({ payment }) => payment?.attempts ?? null),
      changes.map(({ payment }) => payment?.reason ?? null),
    ],
  });
  const at = new Map(rows.map((row) => [row.bookingId, row.at]));
  return changes.map(({ bookingId }) => {
    const changedAt = at.get(bookingId);
    // Each row answers one of them: of two changes of one booking, the second finds another state.
    at.delete(bookingId);
    return changedAt;
  });
});

/** PAYMENT_PENDING → PAYMENT_PROCESSING, unless its owner wants it cancelled; the booking as it is then. */
export const beginPayment: (
  database: Queryable,
  bookingId: string,
) => Promise<BookingRecord | undefined> = gathered((database, bookingIds) =>
  beginPayments(database, bookingIds),
);

export const beginPayments = async (
  database: Queryable,
  bookingIds: readonly string[],
): Promise<(BookingRecord | undefined)[]> => {
  const { rows } = await database.query<BookingRecord>({
    name: "booking-begin-payment",
    text: `UPDATE bookings SET status = 'PAYMENT_PROCESSING', version = version + 1,
             sweep_after = ${SWEEP_AFTER_START}
           FROM ${rowsOf("begun", { id: "uuid", status: "text" })}
           WHERE booking_id = begun.id
             AND bookings.status = begun.status AND cancel_requested_at IS NULL
           RETURNING ${bookingColumns}`,
    // The status by parameter: by name, it would lead the planner to the index of all live bookings.
    values: [bookingIds, bookingIds.map(() => "PAYMENT_PENDING")],
  });
  return inOrder(bookingIds, rows);
};

type IssuedTickets = { readonly bookingId: string; readonly ticketIds: readonly string[] };

/** False where nothing changed: a repeated message, or an unknown booking. */
export const setTickets: (database: Queryable, tickets: IssuedTickets) => Promise<boolean> =
  gathered(async (database, issued) => {
    const { rows } = await database.query<{ bookingId: string }>({
      name: "booking-tickets",
      text: `UPDATE bookings SET ticket_ids = issued.ticket_ids::uuid[]
             FROM ${rowsOf("issued", { id: "uuid", ticket_ids: "text" })}
             WHERE booking_id = issued.id AND bookings.ticket_ids = '{}' AND status <> 'ABANDONED'
             RETURNING booking_id AS "bookingId"`,
      // An array of arrays would have to be of one length.
      values: [
        issued.map(({ bookingId }) => bookingId),
        issued.map(({ ticketIds }) => `{${ticketIds.join(",")}}`),
      ],
    });
    const changed = new Set(rows.map(({ bookingId }) => bookingId));
    return issued.map(({ bookingId }) => changed.has(bookingId));
  });

const inOrder = (
  bookingIds: readonly string[],
  records: readonly BookingRecord[],
): (BookingRecord | undefined)[] => {
  const byId = new Map(records.map((record) => [record.bookingId, record]));
  return bookingIds.map((bookingId) => byId.get(bookingId));
};
