import { ticketIssuedSchema } from "@jatra/contracts/messages/ticket-issued.ts";
import type { QueueName } from "@jatra/contracts/topology.ts";
import type { ConsumeOptions } from "@jatra/common/messaging/connection.ts";
import type { Transact } from "../domain/stores.ts";

const QUEUE: QueueName = "booking.ticket-events.queue";
/** Each holds a connection of the pool for some ms. */
const PREFETCH = 8;

/** Notes the tickets of a booking. A booking's tickets never change, so a repeat writes the same again. */
export const takeInTickets = (transact: Transact): ConsumeOptions => ({
  queue: QUEUE,
  prefetch: PREFETCH,
  handle: async (message) => {
    const { bookingId, ticketIds } = ticketIssuedSchema.parse(message.content);
    await transact(async (stores) => {
      if (!(await stores.recordMessage(QUEUE, message.id))) return;
      const noted = await stores.bookings.setTickets(bookingId, ticketIds);
      if (!noted) throw new Error(`tickets for ${bookingId}, which is unknown`);
    });
  },
});
