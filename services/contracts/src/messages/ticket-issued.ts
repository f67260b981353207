import { z } from "zod";
import { idSchema } from "../primitives.ts";

/** Key `ticket.issued`; one id a passenger, in the passengers' order. */
export const ticketIssuedSchema = z.object({
  bookingId: idSchema,
  ticketIds: z.array(idSchema).min(1).max(16),
});
export type TicketIssued = z.infer<typeof ticketIssuedSchema>;
