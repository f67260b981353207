import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { BookingRecord } from "../domain/booking-record.ts";
import { bookingColumns } from "./booking-columns.ts";

/** Where a page begins: after this booking, in the order newest first. */
export type BookingPosition = Pick<BookingRecord, "createdAt" | "bookingId">;

export const listBookingsOf = async (
  database: Queryable,
  query: {
    readonly userId: string;
    readonly after: BookingPosition | undefined;
    readonly limit: number;
  },
): Promise<BookingRecord[]> => {
  const { rows } = await database.query<BookingRecord>({
    name: "bookings-of-user",
    text: `SELECT ${bookingColumns} FROM bookings
           WHERE user_id = $1
             AND ($2::timestamptz IS NULL OR (created_at, booking_id) < ($2::timestamptz, $3::uuid))
           ORDER BY created_at DESC, booking_id DESC LIMIT $4`,
    values: [
      query.userId,
      query.after?.createdAt ?? null,
      query.after?.bookingId ?? null,
      query.limit,
    ],
  });
  return rows;
};
