import type { Ticket, TicketStatus } from "@jatra/contracts/http/ticket.ts";
import type { TravelClass } from "@jatra/contracts/primitives.ts";
import { ticketNumber } from "./ticket-number.ts";

type Stop = { readonly code: string; readonly name: string; readonly at: string };

/** A ticket as ticket_db knows it. */
export type TicketRecord = {
  readonly ticketId: string;
  readonly serial: number;
  readonly bookingId: string;
  readonly userId: string;
  readonly passenger: string;
  readonly journeyId: string;
  readonly train: { readonly number: string; readonly name: string };
  readonly from: Stop;
  readonly to: Stop;
  readonly coach: string;
  readonly seatId: string;
  readonly class: TravelClass;
  readonly fareAmount: number;
  readonly currency: "BDT";
  readonly status: TicketStatus;
  readonly issuedAt: Date;
  readonly usedAt: Date | null;
};

export const toTicket = (record: TicketRecord): Ticket => ({
  ticketId: record.ticketId,
  number: ticketNumber(record.serial, new Date(record.from.at)),
  bookingId: record.bookingId,
  status: record.status,
  passenger: record.passenger,
  journeyId: record.journeyId,
  train: record.train,
  from: record.from,
  to: record.to,
  coach: record.coach,
  seatId: record.seatId,
  class: record.class,
  fare: { amount: record.fareAmount, currency: record.currency },
  issuedAt: record.issuedAt.toISOString(),
  usedAt: record.usedAt?.toISOString() ?? null,
});
