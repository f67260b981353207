import type { BookingEvent } from "@jatra/contracts/messages/booking-event.ts";
import type { TicketRecord } from "./ticket-record.ts";

export type TicketPage = { readonly tickets: readonly TicketRecord[]; readonly more: boolean };

export type TicketStore = {
  readonly find: (ticketId: string) => Promise<TicketRecord | undefined>;
  /** A user's tickets, the newest first, after the ticket `after`. */
  readonly list: (request: {
    readonly userId: string;
    readonly bookingId: string | undefined;
    readonly after: string | undefined;
    readonly limit: number;
  }) => Promise<TicketPage>;
  /** VALID → USED; `undefined` where it wasn't VALID. */
  readonly use: (ticketId: string, staffId: string) => Promise<TicketRecord | undefined>;
  /** One ticket a passenger and the message about it; the number issued, 0 for a repeat or a booking that is void. */
  readonly issue: (event: BookingEvent, requestId: string) => Promise<number>;
  /** Everything of the booking is void for good, also what comes later; the number of tickets that changed. */
  readonly void: (event: Pick<BookingEvent, "bookingId" | "bookingVersion">) => Promise<number>;
};
