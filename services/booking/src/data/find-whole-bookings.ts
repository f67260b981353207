import type { Queryable } from "@jatra/common/database/queryable.ts";
import { rowsOf } from "@jatra/common/database/rows-of.ts";
import { createBatches } from "@jatra/common/service/create-batches.ts";
import type { BookingStatus } from "@jatra/contracts/http/booking.ts";
import type { BookingRecord, RefundRecord } from "../domain/booking-record.ts";
import type { WholeBooking } from "../domain/show-booking.ts";
import { bookingColumns } from "./booking-columns.ts";
import { refundColumns } from "./refund-store.ts";

/** Looks at a time; a statement of 64 takes some ms. */
const LOOKS = { itemsMax: 64, runningMax: 2, crowdMs: 10 } as const;

/**
 * The booking with all that its owner is shown, as of one moment. Whoever waits for a confirmation asks again and again: looks that come
 * while others are under way share the next statement.
 */
export const createFindWhole = (
  database: Queryable,
): ((bookingId: string) => Promise<WholeBooking | undefined>) =>
  createBatches((bookingIds: readonly string[]) => findAll(database, bookingIds), LOOKS);

/** Times come as JSON has them, since history is one value of the row. */
type WholeRow = BookingRecord & {
  readonly refund: RefundRecord | null;
  readonly history: readonly { readonly status: BookingStatus; readonly at: string }[];
};

const findAll = async (
  database: Queryable,
  bookingIds: readonly string[],
): Promise<(WholeBooking | undefined)[]> => {
  const { rows } = await database.query<WholeRow>({
    name: "booking-whole",
    text: `SELECT ${bookingColumns},
             (SELECT row_to_json(r) FROM (SELECT ${refundColumns} FROM refunds
                WHERE refunds.booking_id = bookings.booking_id) AS r) AS refund,
             (SELECT json_agg(json_build_object('status', h.status, 'at', h.at) ORDER BY h.version)
                FROM booking_history h WHERE h.booking_id = bookings.booking_id) AS history
           FROM bookings JOIN ${rowsOf("asked", { id: "uuid" })} ON booking_id = asked.id
           WHERE status <> 'ABANDONED'`,
    values: [bookingIds],
  });
  const byId = new Map(rows.map((row) => [row.bookingId, wholeOf(row)]));
  return bookingIds.map((bookingId) => byId.get(bookingId));
};

const wholeOf = ({ refund, history, ...booking }: WholeRow): WholeBooking => ({
  booking,
  refund: refund ?? undefined,
  history: history.map(({ status, at }) => ({ status, at: new Date(at) })),
});
