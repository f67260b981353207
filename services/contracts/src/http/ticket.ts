import { z } from "zod";
import { keySetSchema } from "../key-set.ts";
import { moneySchema } from "../money.ts";
import { operation, type Operation } from "../operation.ts";
import {
  classSchema,
  cursorSchema,
  idSchema,
  journeyIdSchema,
  pageQuery,
  seatIdSchema,
  stopSchema,
  timestampSchema,
  trainLabelSchema,
} from "../primitives.ts";

/** `USED`: validated at a gate. `VOID`: cancelled or refunded, never valid again. */
export const ticketStatusSchema = z.enum(["VALID", "USED", "VOID"]);
export type TicketStatus = z.infer<typeof ticketStatusSchema>;

export const ticketSchema = z.object({
  ticketId: idSchema,
  number: z.string().describe("for people: day of travel, serial number, check digit"),
  bookingId: idSchema,
  status: ticketStatusSchema,
  passenger: z.string(),
  journeyId: journeyIdSchema,
  train: trainLabelSchema,
  from: stopSchema,
  to: stopSchema,
  coach: z.string(),
  seatId: seatIdSchema,
  class: classSchema,
  fare: moneySchema,
  issuedAt: timestampSchema,
  usedAt: timestampSchema.nullable(),
});
export type Ticket = z.infer<typeof ticketSchema>;

const ticketParams = z.object({ ticketId: idSchema });

export const listTickets = operation({
  operationId: "listTickets",
  method: "get",
  path: "/api/tickets",
  summary: "The caller's tickets, the newest first",
  access: "user",
  query: z.object({ ...pageQuery, bookingId: idSchema.optional() }),
  responses: {
    200: {
      description: "A page",
      schema: z.object({ tickets: z.array(ticketSchema), nextCursor: cursorSchema.nullable() }),
    },
  },
  problems: [],
});

export const getTicketKeys = operation({
  operationId: "getTicketKeys",
  method: "get",
  path: "/api/tickets/keys",
  summary: "The public keys that QR codes are signed with (JWKS), for checking them offline",
  access: "public",
  responses: { 200: { description: "A JWK set", schema: keySetSchema } },
  problems: [],
});

export const getTicket = operation({
  operationId: "getTicket",
  method: "get",
  path: "/api/tickets/:ticketId",
  summary: "One ticket",
  description: "Customers see their own, admins all.",
  access: "user",
  params: ticketParams,
  responses: { 200: { description: "The ticket", schema: ticketSchema } },
  problems: ["not_found"],
});

export const getTicketPdf = operation({
  operationId: "getTicketPdf",
  method: "get",
  path: "/api/tickets/:ticketId/pdf",
  summary: "The ticket for printing",
  access: "user",
  params: ticketParams,
  responses: { 200: { description: "One page, A5", contentType: "application/pdf" } },
  problems: ["not_found", "ticket_void"],
});

export const getTicketQr = operation({
  operationId: "getTicketQr",
  method: "get",
  path: "/api/tickets/:ticketId/qr",
  summary: "The ticket's QR code",
  description: "A compact JWS (EdDSA) over ticket, passenger, train, stretch and seat.",
  access: "user",
  params: ticketParams,
  responses: { 200: { description: "A picture", contentType: "image/png" } },
  problems: ["not_found", "ticket_void"],
});

export const validateTicketBodySchema = z.object({
  /** What the QR code says; ours have some 600 characters. */
  qr: z.string().min(1).max(4_096),
  /** The train that the staff member stands at: a ticket of another one is refused and stays valid. */
  journeyId: journeyIdSchema.optional(),
});

export const validateTicket = operation({
  operationId: "validateTicket",
  method: "post",
  path: "/api/tickets/validate",
  summary: "Let a passenger in: once only, and not after a refund",
  description:
    "409 `ticket_used` tells when it was used (`usedAt`). 422 `ticket_invalid`: not signed by us, unknown, or of another journey.",
  access: "staff",
  body: validateTicketBodySchema,
  responses: { 200: { description: "Welcome on board", schema: ticketSchema } },
  problems: ["ticket_invalid", "ticket_used", "ticket_void"],
});

export const operations: readonly Operation[] = [
  listTickets,
  getTicketKeys,
  getTicket,
  getTicketPdf,
  getTicketQr,
  validateTicket,
];
