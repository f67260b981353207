import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { BookingEvent } from "@jatra/contracts/messages/booking-event.ts";
import type pg from "pg";

export type SaleStore = { readonly record: (event: BookingEvent) => Promise<void> };

/** Sales by booking. Events may come repeatedly and in any order: the state is the newest version's, the day the oldest's. */
export const createSaleStore = (pool: pg.Pool): SaleStore => ({
  record: (event) =>
    inTransaction(pool, async (transaction) => {
      // Sent together, done in this order.
      await Promise.all([upsertSale(transaction, event), insertSeats(transaction, event)]);
    }),
});

const statuses = {
  "booking.confirmed": "CONFIRMED",
  "booking.payment_failed": "PAYMENT_FAILED",
  "booking.cancelled": "CANCELLED",
  "booking.refunded": "REFUNDED",
} as const satisfies Record<BookingEvent["type"], string>;

const upsertSale = async (transaction: Queryable, event: BookingEvent): Promise<void> => {
  await transaction.query({
    name: "sale-upsert",
    text: upsertText,
    values: [
      event.bookingId,
      event.bookingVersion,
      statuses[event.type],
      event.journeyId,
      event.train.number,
      event.train.name,
      event.from.code,
      event.from.name,
      event.to.code,
      event.to.name,
      event.amount,
      event.refundedAmount,
      event.currency,
      event.at,
      event.type === "booking.confirmed",
    ],
  });
};

const upsertText = `
  INSERT INTO sales (booking_id, booking_version, status, journey_id, train_number, train_name,
                     from_code, from_name, to_code, to_name, amount, refunded_amount, currency,
                     decided_at, was_confirmed)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
  ON CONFLICT (booking_id) DO UPDATE SET
    booking_version = greatest(sales.booking_version, excluded.booking_version),
    status = CASE WHEN excluded.booking_version > sales.booking_version
                  THEN excluded.status ELSE sales.status END,
    refunded_amount = greatest(sales.refunded_amount, excluded.refunded_amount),
    decided_at = least(sales.decided_at, excluded.decided_at),
    was_confirmed = sales.was_confirmed OR excluded.was_confirmed`;

const insertSeats = async (
  transaction: Queryable,
  { bookingId, passengers }: BookingEvent,
): Promise<void> => {
  await transaction.query({
    name: "sold-seats-insert",
    text: `INSERT INTO sold_seats (booking_id, seat_id, class, fare_amount)
           SELECT $1, seat.id, seat.class, seat.fare
           FROM unnest($2::text[], $3::text[], $4::int[]) AS seat (id, class, fare)
           ON CONFLICT DO NOTHING`,
    values: [
      bookingId,
      passengers.map((passenger) => passenger.seatId),
      passengers.map((passenger) => passenger.class),
      passengers.map((passenger) => passenger.fareAmount),
    ],
  });
};
