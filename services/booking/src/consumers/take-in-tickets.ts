import { ticketIssuedSchema } from "@jatra/contracts/messages/ticket-issued.ts";
import type { QueueName } from "@jatra/contracts/topology.ts";
import type { ConsumeOptions } from "@jatra/common/messaging/connection.ts";
import type { BookingStore } from "../domain/stores.ts";

const QUEUE: QueueName = "booking.ticket-events.queue";
/** Noted in batches, so most of them only wait for company. */
const PREFETCH = 256;

/** Notes the tickets of a booking. No inbox: the first word on them stays, so a repeat changes nothing. */
export const takeInTickets = (bookings: Pick<BookingStore, "setTickets">): ConsumeOptions => ({
  queue: QUEUE,
  prefetch: PREFETCH,
  handle: async (message) => {
    const { bookingId, ticketIds } = ticketIssuedSchema.parse(message.content);
    const noted = await bookings.setTickets(bookingId, ticketIds);
    if (!noted) throw new Error(`tickets for ${bookingId}, which is unknown`);
  },
});
