import { Problem } from "@jatra/common/http/problem.ts";
import type { Ticket } from "@jatra/contracts/http/ticket.ts";
import { toTicket, type TicketRecord } from "./ticket-record.ts";
import type { TicketSigner } from "./ticket-signer.ts";
import type { TicketStore } from "./ticket-store.ts";

/**
 * Lets a passenger in: the signature says that the ticket is ours, the database that it is valid, and a compare-and-set that it
 * is used once. Throws `ticket_invalid`, `ticket_used` (with `usedAt`), `ticket_void`.
 */
export const validateTicket = async (
  { tickets, signer }: { readonly tickets: TicketStore; readonly signer: TicketSigner },
  request: {
    readonly qr: string;
    readonly journeyId: string | undefined;
    readonly staffId: string;
  },
): Promise<Ticket> => {
  const payload = await signer.verify(request.qr);
  if (!payload) throw new Problem("ticket_invalid", { detail: "The signature is not ours." });
  if (request.journeyId !== undefined && request.journeyId !== payload.journey) {
    throw new Problem("ticket_invalid", {
      detail: "The ticket is for another journey.",
      extra: { journeyId: payload.journey },
    });
  }
  const used = await tickets.use(payload.sub, request.staffId);
  if (used) return toTicket(used);
  throw refusalOf(await tickets.find(payload.sub));
};

const refusalOf = (ticket: TicketRecord | undefined): Problem => {
  if (!ticket) return new Problem("ticket_invalid", { detail: "There is no such ticket." });
  if (ticket.status === "VOID") return new Problem("ticket_void");
  return new Problem("ticket_used", { extra: { usedAt: ticket.usedAt?.toISOString() ?? null } });
};
