import { gathered } from "@jatra/common/database/gathered.ts";
import type { Queryable } from "@jatra/common/database/queryable.ts";
import { shareTransactions } from "@jatra/common/database/share-transactions.ts";
import type { BookingEvent } from "@jatra/contracts/messages/booking-event.ts";
import type pg from "pg";

export type SaleStore = { readonly record: (event: BookingEvent) => Promise<void> };

/** Events a transaction. Reports are read by the day; a tenth of a second later is soon enough. */
const LIMITS = { itemsMax: 64, runningMax: 1, gatherMs: 100 } as const;

/** Sales by booking. Events may come repeatedly and in any order: the state is the newest version's, the day the oldest's. */
export const createSaleStore = (pool: pg.Pool): SaleStore => {
  const inSharedTransaction = shareTransactions(pool, LIMITS);
  return {
    record: (event) =>
      inSharedTransaction(async (transaction) => {
        // Sent together, done in this order.
        await Promise.all([upsertSale(transaction, event), insertSeats(transaction, event)]);
      }),
  };
};

const statuses = {
  "booking.confirmed": "CONFIRMED",
  "booking.payment_failed": "PAYMENT_FAILED",
  "booking.cancelled": "CANCELLED",
  "booking.refunded": "REFUNDED",
} as const satisfies Record<BookingEvent["type"], string>;

/** Two events of one booking in one statement are refused by PostgreSQL; then each has a transaction of its own. */
const upsertSale: (transaction: Queryable, event: BookingEvent) => Promise<void> = gathered(
  async (transaction, events) => {
    await transaction.query({
      name: "sale-upsert",
      text: upsertText,
      values: [JSON.stringify(events.map(saleOf))],
    });
    return events.map(() => undefined);
  },
);

const saleOf = (event: BookingEvent): Record<string, unknown> => ({
  booking_id: event.bookingId,
  booking_version: event.bookingVersion,
  status: statuses[event.type],
  journey_id: event.journeyId,
  train_number: event.train.number,
  train_name: event.train.name,
  from_code: event.from.code,
  from_name: event.from.name,
  to_code: event.to.code,
  to_name: event.to.name,
  amount: event.amount,
  refunded_amount: event.refundedAmount,
  currency: event.currency,
  decided_at: event.at,
  was_confirmed: event.type === "booking.confirmed",
});

const upsertText = `
  INSERT INTO sales (booking_id, booking_version, status, journey_id, train_number, train_name,
                     from_code, from_name, to_code, to_name, amount, refunded_amount, currency,
                     decided_at, was_confirmed)
  SELECT * FROM json_to_recordset($1::json) AS sale (booking_id uuid, booking_version integer,
    status text, journey_id text, train_number text, train_name text, from_code text, from_name text,
    to_code text, to_name text, amount integer, refunded_amount integer, currency text,
    decided_at timestamptz, was_confirmed boolean)
  ORDER BY booking_id
  ON CONFLICT (booking_id) DO UPDATE SET
    booking_version = greatest(sales.booking_version, excluded.booking_version),
    status = CASE WHEN excluded.booking_version > sales.booking_version
                  THEN excluded.status ELSE sales.status END,
    refunded_amount = greatest(sales.refunded_amount, excluded.refunded_amount),
    decided_at = least(sales.decided_at, excluded.decided_at),
    was_confirmed = sales.was_confirmed OR excluded.was_confirmed`;

const insertSeats: (transaction: Queryable, event: BookingEvent) => Promise<void> = gathered(
  async (transaction, events) => {
    const seats = events.flatMap(({ bookingId, passengers }) =>
      passengers.map((passenger) => ({ bookingId, ...passenger })),
    );
    await transaction.query({
      name: "sold-seats-insert",
      text: `INSERT INTO sold_seats (booking_id, seat_id, class, fare_amount)
             SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[])
             ON CONFLICT DO NOTHING`,
      values: [
        seats.map(({ bookingId }) => bookingId),
        seats.map(({ seatId }) => seatId),
        seats.map((seat) => seat.class),
        seats.map(({ fareAmount }) => fareAmount),
      ],
    });
    return events.map(() => undefined);
  },
);
