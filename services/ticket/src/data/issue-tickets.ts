import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import type { Queryable } from "@jatra/common/database/queryable.ts";
import { appendOutbox } from "@jatra/common/outbox/append-outbox.ts";
import type { BookingEvent } from "@jatra/contracts/messages/booking-event.ts";
import type { TicketIssued } from "@jatra/contracts/messages/ticket-issued.ts";
import type pg from "pg";
import { v7 as uuidV7 } from "uuid";

/**
 * The booking's row is the gate: whoever inserts it issues. It is there already after a repeat, and after a refund that was
 * faster; then nothing is inserted at all.
 */
const issueStatement = `
  WITH admitted AS (
    INSERT INTO ticket_bookings (booking_id, booking_version, void) VALUES ($1, $2, false)
    ON CONFLICT (booking_id) DO NOTHING RETURNING booking_id
  )
  INSERT INTO tickets (ticket_id, booking_id, passenger_index, user_id, passenger, journey_id,
    train, from_stop, to_stop, coach, seat_id, class, fare_amount, currency)
  SELECT p."ticketId", admitted.booking_id, p."index", $3, p."name", $4,
    $5, $6, $7, p."coach", p."seatId", p."class", p."fareAmount", $8
  FROM admitted, json_to_recordset($9) AS p ("ticketId" uuid, "index" smallint, "name" text,
    "coach" text, "seatId" text, "class" text, "fareAmount" bigint)
  ORDER BY p."index"`;

/** Tickets and the message about them in one transaction; answers how many were issued. */
export const issueTickets = async (
  pool: pg.Pool,
  event: BookingEvent,
  requestId: string,
): Promise<number> => {
  const passengers = event.passengers.map((passenger, index) => ({
    ...passenger,
    index,
    ticketId: uuidV7(),
  }));
  const ticketIds = passengers.map(({ ticketId }) => ticketId);
  const content: TicketIssued = { bookingId: event.bookingId, ticketIds };
  const message = {
    exchange: "ticket.exchange",
    routingKey: "ticket.issued",
    content,
    requestId,
    aggregateId: event.bookingId,
  };
  try {
    return await inTransaction(pool, async (transaction) => {
      // Sent together: a repeat, which has nothing to tell, is rare.
      const [issued] = await Promise.all([
        insertTickets(transaction, event, passengers),
        appendOutbox(transaction, message),
      ]);
      if (issued === 0) throw new NothingIssued();
      return issued;
    });
  } catch (error) {
    if (error instanceof NothingIssued) return 0;
    throw error;
  }
};

/** Thrown inside the transaction, so that its message is taken back. */
class NothingIssued extends Error {
  override readonly name = "NothingIssued";
}

const insertTickets = async (
  transaction: Queryable,
  event: BookingEvent,
  passengers: readonly object[],
): Promise<number> => {
  const { rowCount } = await transaction.query({
    name: "tickets-issue",
    text: issueStatement,
    values: [
      event.bookingId,
      event.bookingVersion,
      event.userId,
      event.journeyId,
      event.train,
      event.from,
      event.to,
      event.currency,
      JSON.stringify(passengers),
    ],
  });
  return rowCount ?? 0;
};
