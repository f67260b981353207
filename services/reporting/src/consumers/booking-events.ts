import type { RabbitConnection, Subscription } from "@jatra/common/messaging/connection.ts";
import { bookingEventSchema } from "@jatra/contracts/messages/booking-event.ts";
import type { SaleStore } from "../data/sale-store.ts";

/** Twice what a transaction takes: while one commits, the next fills. */
const PREFETCH = 128;

/**
 * Keeps the sales up to date. There is no inbox: recording an event twice, or after a newer one, changes nothing. A
 * message of another form throws and ends as a dead letter.
 */
export const consumeBookingEvents = (
  rabbit: Pick<RabbitConnection, "consume">,
  sales: SaleStore,
): Subscription =>
  rabbit.consume({
    queue: "reporting.booking-events.queue",
    prefetch: PREFETCH,
    handle: async ({ content }) => sales.record(bookingEventSchema.parse(content)),
  });
