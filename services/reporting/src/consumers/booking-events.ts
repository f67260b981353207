import type { RabbitConnection, Subscription } from "@jatra/common/messaging/connection.ts";
import { bookingEventSchema } from "@jatra/contracts/messages/booking-event.ts";
import type { SaleStore } from "../data/sale-store.ts";

/** One short transaction each; more than a pool's connections would only wait. */
const PREFETCH = 4;

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
