import type { ConsumeOptions } from "@jatra/common/messaging/connection.ts";
import { bookingEventSchema } from "@jatra/contracts/messages/booking-event.ts";
import type { QueueName } from "@jatra/contracts/topology.ts";
import { applyBookingEvent } from "../domain/apply-booking-event.ts";
import type { TicketStore } from "../domain/ticket-store.ts";
import type { TicketMetrics } from "../ticket-metrics.ts";

const queue: QueueName = "ticket.booking-events.queue";
/** Twice what a transaction takes: while one commits, the next fills. */
const PREFETCH = 128;

/** Tickets follow bookings. No inbox: the booking's own row tells a repeat from the first time. */
export const bookingEvents = (dependencies: {
  readonly tickets: TicketStore;
  readonly metrics: TicketMetrics;
}): ConsumeOptions => ({
  queue,
  prefetch: PREFETCH,
  handle: async (message) => {
    const event = bookingEventSchema.parse(message.content);
    const applied = await applyBookingEvent(dependencies.tickets, event, message.requestId);
    dependencies.metrics.changes.inc({ kind: applied.kind }, applied.tickets);
  },
});
