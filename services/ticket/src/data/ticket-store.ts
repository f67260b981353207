import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { PendingMessage } from "@jatra/common/outbox/outbox-store.ts";
import type pg from "pg";
import type { TicketPage, TicketStore } from "../domain/ticket-store.ts";
import type { TicketRecord } from "../domain/ticket-record.ts";
import { createIssueTickets } from "./issue-tickets.ts";
import { ticketColumns, type TicketRow } from "./ticket-row.ts";
import { voidTickets } from "./void-tickets.ts";

/** Tickets in ticket_db. `send` publishes the messages that a commit has left. */
export const createTicketStore = (
  pool: pg.Pool,
  send: (messages: readonly PendingMessage[]) => void,
): TicketStore => ({
  find: async (ticketId) => findTicket(pool, ticketId),
  list: async (request) => listTickets(pool, request),
  use: async (ticketId, staffId) => useTicket(pool, ticketId, staffId),
  issue: createIssueTickets(pool, send),
  void: async (event) => voidTickets(pool, event),
});

const findTicket = async (
  database: Queryable,
  ticketId: string,
): Promise<TicketRecord | undefined> => {
  const { rows } = await database.query<TicketRow>({
    name: "ticket-find",
    text: `SELECT ${ticketColumns} FROM tickets WHERE ticket_id = $1`,
    values: [ticketId],
  });
  return rows[0];
};

/** Ids grow with time, so they are the order and the cursor in one. One row more than asked for tells whether more follow. */
const listTickets: (
  database: Queryable,
  request: Parameters<TicketStore["list"]>[0],
) => Promise<TicketPage> = async (database, { userId, bookingId, after, limit }) => {
  const { rows } = await database.query<TicketRow>({
    name: "ticket-list",
    text: `SELECT ${ticketColumns} FROM tickets
      WHERE user_id = $1 AND ($2::uuid IS NULL OR booking_id = $2)
        AND ($3::uuid IS NULL OR ticket_id < $3)
      ORDER BY ticket_id DESC LIMIT $4`,
    values: [userId, bookingId ?? null, after ?? null, limit + 1],
  });
  return { tickets: rows.slice(0, limit), more: rows.length > limit };
};

const useTicket = async (
  database: Queryable,
  ticketId: string,
  staffId: string,
): Promise<TicketRecord | undefined> => {
  const { rows } = await database.query<TicketRow>({
    name: "ticket-use",
    text: `UPDATE tickets SET state = 'USED', used_at = now(), used_by = $2
      WHERE ticket_id = $1 AND state = 'VALID' RETURNING ${ticketColumns}`,
    values: [ticketId, staffId],
  });
  return rows[0];
};
