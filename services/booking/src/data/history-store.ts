import type { BookingStatus } from "@jatra/contracts/http/booking.ts";
import type { Queryable } from "@jatra/common/database/queryable.ts";

export type HistoryEntry = { readonly status: BookingStatus; readonly at: Date };

/** Every status that a booking had, in order; the triggers of the migration write it. */
export const historyOf = async (
  database: Queryable,
  bookingId: string,
): Promise<HistoryEntry[]> => {
  const { rows } = await database.query<HistoryEntry>({
    name: "booking-history",
    text: "SELECT status, at FROM booking_history WHERE booking_id = $1 ORDER BY version",
    values: [bookingId],
  });
  return rows;
};
