import { Problem } from "@jatra/common/http/problem.ts";
import type { Identity } from "@jatra/contracts/identity.ts";
import type { TicketRecord } from "./ticket-record.ts";

/** The ticket, if it is the caller's (or the caller is an admin). Throws `not_found` otherwise. */
export const ownTicket = (
  ticket: TicketRecord | undefined,
  { userId, role }: Identity,
): TicketRecord => {
  if (!ticket || (ticket.userId !== userId && role !== "admin")) throw new Problem("not_found");
  return ticket;
};

/** Nothing is printed for a ticket that nobody may travel on. Throws `ticket_void`. */
export const requirePrintable = (ticket: TicketRecord): TicketRecord => {
  if (ticket.status === "VOID") throw new Problem("ticket_void");
  return ticket;
};
