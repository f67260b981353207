import { ticketIssuedSchema } from "@jatra/contracts/messages/ticket-issued.ts";
import type { QueueName } from "@jatra/contracts/topology.ts";
import type { ConsumeOptions } from "@jatra/common/messaging/connection.ts";
import type { BookingStore } from "../domain/stores.ts";

const QUEUE: QueueName = "booking.ticket-events.queue";
/** Each holds a connection of the pool for some ms. */
const PREFETCH = 8;

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
