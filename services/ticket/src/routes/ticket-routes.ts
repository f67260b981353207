import { bind, type Route } from "@jatra/common/http/bind.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { ok, type Reply } from "@jatra/common/http/reply.ts";
import {
  getTicket,
  getTicketKeys,
  getTicketPdf,
  getTicketQr,
  listTickets,
  type Ticket,
} from "@jatra/contracts/http/ticket.ts";
import type { Identity } from "@jatra/contracts/identity.ts";
import { idSchema } from "@jatra/contracts/primitives.ts";
import { ownTicket, requirePrintable } from "../domain/own-ticket.ts";
import { toTicket } from "../domain/ticket-record.ts";
import { qrImage } from "../rendering/qr-image.ts";
import { ticketPdf } from "../rendering/ticket-pdf.ts";
import type { RouteDependencies } from "./dependencies.ts";

/** What passengers do with their tickets. */
export const ticketRoutes = ({ tickets, signer }: RouteDependencies): Route[] => {
  const printable = async (ticketId: string, identity: Identity): Promise<Ticket> =>
    toTicket(requirePrintable(ownTicket(await tickets.find(ticketId), identity)));
  return [
    bind(listTickets, async ({ query, identity }) => {
      const after = cursorOf(query.cursor);
      const { bookingId, limit } = query;
      const page = await tickets.list({ userId: identity.userId, bookingId, after, limit });
      const nextCursor = page.more ? (page.tickets.at(-1)?.ticketId ?? null) : null;
      return ok({ tickets: page.tickets.map(toTicket), nextCursor });
    }),
    // Before the route with the id, which would take `keys` for one.
    bind(getTicketKeys, async () => ok(signer.jwks)),
    bind(getTicket, async ({ params, identity }) =>
      ok(toTicket(ownTicket(await tickets.find(params.ticketId), identity))),
    ),
    bind(getTicketPdf, async ({ params, identity }) => {
      const ticket = await printable(params.ticketId, identity);
      const bytes = await ticketPdf(ticket, await signer.sign(ticket));
      return fileOf(bytes, "application/pdf", `${ticket.number}.pdf`);
    }),
    bind(getTicketQr, async ({ params, identity }) => {
      const ticket = await printable(params.ticketId, identity);
      const bytes = await qrImage(await signer.sign(ticket));
      return fileOf(bytes, "image/png", `${ticket.number}.png`);
    }),
  ];
};

/** A cursor is the last ticket's id. Throws `validation_failed` for anything else. */
const cursorOf = (cursor: string | undefined): string | undefined => {
  if (cursor === undefined) return undefined;
  const parsed = idSchema.safeParse(cursor);
  if (!parsed.success) throw new Problem("validation_failed", { detail: "query.cursor: unknown" });
  return parsed.data;
};

/** Private: a shared cache must not keep somebody's ticket. */
const fileOf = (bytes: Buffer, contentType: string, name: string): Reply => ({
  status: 200,
  raw: { bytes, contentType },
  headers: {
    "Content-Disposition": `inline; filename="${name}"`,
    "Cache-Control": "private, no-store",
  },
});
