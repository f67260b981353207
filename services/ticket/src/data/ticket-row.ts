import type { TicketRecord } from "../domain/ticket-record.ts";

/** Columns of a TicketRecord. */
export const ticketColumns = `
  ticket_id AS "ticketId", serial, booking_id AS "bookingId", user_id AS "userId", passenger,
  journey_id AS "journeyId", train, from_stop AS "from", to_stop AS "to", coach,
  seat_id AS "seatId", class, fare_amount AS "fareAmount", currency, state AS "status",
  issued_at AS "issuedAt", used_at AS "usedAt"`;

/** What `ticketColumns` selects, as the driver hands it over. */
export type TicketRow = TicketRecord;
